// Goal: by default nobody is named in what leaves the house, in fields and in people's own words; the same person is
// called the same. Method: an incident with people of every kind.
#include "record/names.hpp"

#include <gtest/gtest.h>

namespace iwakan::record {
namespace {

Organisation organisation() {
  Organisation organisation;
  Department cs;
  cs.id = "cs";
  cs.name = {"CS", "Customer support"};
  cs.supervisor = "hasegawa";
  cs.supervisor_name = {"長谷川", "Hasegawa"};
  cs.deputies = {{"ono", {"小野", "Ono"}, {}}};
  organisation.departments = {cs};
  Person known;
  known.id = "tanaka";
  known.name = {"田中", "Tanaka"};
  organisation.people.emplace("tanaka", known);
  Person responder;
  responder.id = "sato";
  responder.name = {"佐藤 健", "Sato Ken"};
  organisation.people.emplace("sato", responder);
  organisation.responders = {{{"藤井", "Fujii"}, {"指揮", "command"}}};
  return organisation;
}

Incident incident() {
  Incident incident;
  RoleHolder one;
  one.person = "sato";
  one.name = {"佐藤", "Sato"};
  RoleHolder two;
  two.person = "aoki";
  two.name = {"青木", "Aoki"};
  incident.roles = {one, two};
  return incident;
}

Names names(Names::Policy policy) {
  Names names(policy);
  names.know(incident(), organisation());
  names.know_actor("kato");
  names.know_actor("mori");
  return names;
}

TEST(Names, PeopleAreCalledByWhatTheyDid) {
  const Names by_role = names(Names::Policy::by_role);
  EXPECT_EQ(by_role.person("hasegawa").en, "Customer support supervisor");
  EXPECT_EQ(by_role.person("sato").en, "investigation and repair 1");
  EXPECT_EQ(by_role.person("aoki").ja, "調査・復旧 2");
  EXPECT_EQ(by_role.person("kato").en, "person 2");
  EXPECT_EQ(by_role.person("mori").en, "person 3");
  EXPECT_EQ(by_role.person("tanaka").en, "person 1");
  EXPECT_EQ(by_role.person("ono").en, "Customer support deputy");
  EXPECT_EQ(by_role.person("iwakan").en, "iwakan");
}

TEST(Names, NamesInPeoplesOwnWordsAreReplacedAsWholeWords) {
  const Names by_role = names(Names::Policy::by_role);
  EXPECT_EQ(by_role.in_text("Sato and KATO restarted it; satori stays, @mori too", "en"),
            "investigation and repair 1 and person 2 restarted it; satori stays, @person 3 too");
  EXPECT_EQ(by_role.in_text("佐藤さんが再起動、藤井さんが確認", "ja"), "調査・復旧 1さんが再起動、指揮さんが確認");
  EXPECT_EQ(by_role.in_text("Sato Ken and Tanaka", "en"), "investigation and repair 1 and person 1");
  EXPECT_EQ(by_role.in_text("", "ja"), "");
}

TEST(Names, WhoHandedARoleOnIsNotCalledAsWhoHasItNow) {
  Incident handed_over = incident();
  handed_over.roles = {{RoleKind::command, "tanaka", {"田中", "Tanaka"}, {}, {}, ""}};
  Names names(Names::Policy::by_role);
  names.know(handed_over, organisation());
  EXPECT_EQ(names.in_text("指揮を 藤井 から 田中 へ引き継ぎました", "ja"),
            "指揮を 当初の指揮 から 指揮 へ引き継ぎました");
  EXPECT_EQ(names.in_text("command was handed over from Fujii to Tanaka", "en"),
            "command was handed over from command at first to command");
}

TEST(Names, WhatWasWithdrawnIsNotSaidAgain) {
  Incident wiser = incident();
  const auto fact = [](std::uint32_t number, const char* what) {
    Fact one;
    one.number = number;
    one.what = same_in_all(what);
    return one;
  };
  wiser.facts = {fact(1, "the cache was lost by a slip of Sato's"), fact(2, "14 inquiries"), fact(3, "15 inquiries")};
  wiser.facts[0].withdrawn_at = wiser.facts[1].withdrawn_at = *parse_time("2031-05-14T01:00:00Z");
  wiser.facts[2].replaces = 2;
  Names names(Names::Policy::by_role);
  names.know(wiser, organisation());
  EXPECT_EQ(names.in_text("Known: the cache was lost by a slip of Sato's (dev)", "en"),
            "Known: (words that were withdrawn) (dev)");
  EXPECT_EQ(names.in_text("not \"14 inquiries\" but \"15 inquiries\"", "en"),
            "not \"14 inquiries\" but \"15 inquiries\"")
      << "a correction says what it puts right";
}

TEST(Names, ThePolicyMayNameThem) {
  const Names named = names(Names::Policy::named);
  EXPECT_EQ(named.person("sato").en, "sato");
  EXPECT_EQ(named.in_text("Sato restarted it", "en"), "Sato restarted it");
}

}  // namespace
}  // namespace iwakan::record
