#include "http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <filesystem>

namespace iwakan::http {
namespace {

namespace ssl = boost::asio::ssl;

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

std::string beside_configuration(const Setting& setting, const std::string& path) {
  if (path.empty()) return path;
  return (std::filesystem::path(setting.place.file).parent_path() / path).string();
}

Failure wrong(std::string what, const boost::system::error_code& error, std::string path) {
  return {Reason::malformed, std::move(what) + ": " + error.message(), std::move(path)};
}

TimePoint end_of(const X509* certificate) {
  std::tm time{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) != 1) return {};
  return TimePoint(std::chrono::seconds(timegm(&time)));
}

std::string subject_of(const X509* certificate) {
  const std::unique_ptr<BIO, Free> text(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* bytes = nullptr;
  const long length = BIO_get_mem_data(text.get(), &bytes);
  return {bytes, static_cast<std::size_t>(std::max(length, 0L))};
}

std::vector<std::string> names_of(const X509* certificate) {
  std::vector<std::string> names;
  const std::unique_ptr<GENERAL_NAMES, Free> all(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type != GEN_DNS && name->type != GEN_EMAIL && name->type != GEN_URI) continue;
    const ASN1_IA5STRING* text = name->d.ia5;
    const auto* bytes = reinterpret_cast<const char*>(ASN1_STRING_get0_data(text));
    names.emplace_back(bytes, static_cast<std::size_t>(ASN1_STRING_length(text)));
  }
  return names;
}

}  // namespace

TlsSettings parse_tls(const Setting& setting, Complaints& complaints) {
  Fields fields(setting, complaints);
  TlsSettings settings;
  settings.certificate = beside_configuration(setting, fields.required_text("certificate"));
  if (const Setting* key = fields.required_child("key")) settings.key = sinks::parse_secret_place(*key, complaints);
  settings.client_ca = beside_configuration(setting, fields.text("client_ca"));
  fields.finish();
  return settings;
}

Result<Tls> Tls::open(const TlsSettings& settings, const std::string& credentials) {
  const auto key = sinks::read_secret(settings.key, credentials);
  if (!key) {
    Failure failure = key.error();
    failure.path = "tls.key" + (failure.path.empty() ? "" : ": " + failure.path);
    return failure;
  }
  Tls tls{std::make_shared<ssl::context>(ssl::context::tls_server), {}};
  ssl::context& context = *tls.context;
  SSL_CTX* native = context.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);  // what is idle holds no buffer
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  boost::system::error_code error;
  context.use_certificate_chain_file(settings.certificate, error);
  if (error) return wrong("the certificate cannot be used", error, settings.certificate);
  context.use_private_key(boost::asio::buffer(key->reveal()), ssl::context::pem, error);
  if (error) return wrong("the key does not belong to the certificate, or is no key in PEM", error, "tls.key");
  tls.good_until = end_of(SSL_CTX_get0_certificate(native));
  if (settings.client_ca.empty()) return tls;
  context.load_verify_file(settings.client_ca, error);
  if (error) return wrong("the authority of client certificates cannot be used", error, settings.client_ca);
  SSL_CTX_set_client_CA_list(native, SSL_load_client_CA_file(settings.client_ca.c_str()));
  // A client without a certificate may still have a token; one with a bad certificate is refused.
  context.set_verify_mode(ssl::verify_peer, error);
  constexpr std::string_view kName = "iwakan";
  SSL_CTX_set_session_id_context(native, reinterpret_cast<const unsigned char*>(kName.data()), kName.size());
  return tls;
}

std::optional<access::Certificate> certificate_of(const SSL* connection) {
  const std::unique_ptr<X509, Free> certificate(SSL_get1_peer_certificate(connection));
  if (certificate == nullptr || SSL_get_verify_result(connection) != X509_V_OK) return std::nullopt;
  return access::Certificate{subject_of(certificate.get()), names_of(certificate.get())};
}

}  // namespace iwakan::http
