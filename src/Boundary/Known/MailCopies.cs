using System.Net.Mail;
using System.Text;

namespace MultiProc.Boundary;

/// <summary>Addresses of mail, methods of HTTP.</summary>
internal static class MailCopies
{
    public static Serializer Addresses() => new Copied<MailAddress, (string, string, Encoding?)>(
        address => (address.Address, address.DisplayName, Hidden.Field<Encoding>(address)),
        surrogate => new MailAddress(surrogate.Item1, surrogate.Item2, surrogate.Item3));

    public static Serializer Methods() => new Copied<HttpMethod, string>(method => method.Method, name => HttpMethod.Parse(name));
}
