using System.Security.Cryptography.X509Certificates;

namespace MultiProc.Boundary;

/// <summary>Certificates: what they say, which is public. A private key stays where it is.</summary>
internal static class CertificateCopies
{
    public static Serializer Certificates(Type type) => type == typeof(X509Certificate)
        ? new Copied<X509Certificate, byte[]>(certificate => certificate.GetRawCertData(), bytes => X509CertificateLoader.LoadCertificate(bytes))
        : new Copied<X509Certificate2, byte[]>(
            certificate => certificate.HasPrivateKey
                ? throw new NotSupportedException("it has a private key, which is not copied. Pass the path of its file, or (for its public part) X509CertificateLoader.LoadCertificate(certificate.RawData)")
                : certificate.RawData,
            bytes => X509CertificateLoader.LoadCertificate(bytes));
}
