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

TEST(Names, ThePolicyMayNameThem) {
  const Names named = names(Names::Policy::named);
  EXPECT_EQ(named.person("sato").en, "sato");
  EXPECT_EQ(named.in_text("Sato restarted it", "en"), "Sato restarted it");
}

}  // namespace
}  // namespace iwakan::record
