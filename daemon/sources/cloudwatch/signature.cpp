#include "sources/cloudwatch/signature.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>

namespace iwakan::sources::cloudwatch {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

Certificate read(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), &X509_free);
  ERR_clear_error();
  return certificate;
}

bool to_time(const ASN1_TIME* asn1, TimePoint& time) {
  std::tm parts{};
  if (asn1 == nullptr || ASN1_TIME_to_tm(asn1, &parts) != 1) return false;
  time = TimePoint(std::chrono::seconds(timegm(&parts)));
  return true;
}

bool is_made_out_to(X509* certificate, const std::string& host) {
  constexpr unsigned kFlags = X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT;
  for (const std::string& name : {std::string("sns.amazonaws.com"), host}) {
    if (X509_check_host(certificate, name.c_str(), name.size(), kFlags, nullptr) == 1) return true;
  }
  return false;
}

Failure refuse(const char* why) {
  return {Reason::forbidden, why, "/Signature"};
}

}  // namespace

Result<Validity> validity_of(std::string_view pem) {
  const Certificate certificate = read(pem);
  Validity validity;
  if (certificate && to_time(X509_get0_notBefore(certificate.get()), validity.from) &&
      to_time(X509_get0_notAfter(certificate.get()), validity.until)) {
    return validity;
  }
  return Failure{Reason::malformed, "not a certificate in PEM", {}};
}

Result<void> verify(const SnsMessage& message, const std::string& pem, const std::string& host, TimePoint now) {
  const Certificate certificate = read(pem);
  if (!certificate) return refuse("the certificate of the signature cannot be read");
  const auto validity = validity_of(pem);
  if (!validity || now < validity->from || now > validity->until) {
    return refuse("the certificate of the signature is not valid now");
  }
  if (!is_made_out_to(certificate.get(), host)) return refuse("the certificate of the signature is not one of SNS");
  EVP_PKEY* key = X509_get0_pubkey(certificate.get());
  if (key == nullptr || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return refuse("the certificate holds no RSA key");

  const std::string signed_text = string_to_sign(message);
  const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  const EVP_MD* digest = message.signature_version == 2 ? EVP_sha256() : EVP_sha1();
  const bool good =
      EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
      EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(message.signature.data()),
                       message.signature.size(), reinterpret_cast<const unsigned char*>(signed_text.data()),
                       signed_text.size()) == 1;
  ERR_clear_error();
  if (!good) return refuse("the signature does not fit the message");
  return {};
}

}  // namespace iwakan::sources::cloudwatch
