using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace MultiProc.Boundary;

/// <summary>Addresses.</summary>
internal static class NetworkCopies
{
    /// <summary>Text as it was given: a <see cref="Uri"/> never changes its original.</summary>
    public static Serializer Uris() => new Copied<Uri, (string, bool)>(
        uri => (uri.OriginalString, uri.IsAbsoluteUri),
        surrogate => new Uri(surrogate.Item1, surrogate.Item2 ? UriKind.Absolute : UriKind.Relative));

    private static readonly IPAddress[] Shared =
        [IPAddress.Any, IPAddress.Loopback, IPAddress.Broadcast, IPAddress.None, IPAddress.IPv6Any, IPAddress.IPv6Loopback, IPAddress.IPv6None];

    /// <summary>Those that .NET shares, some of them of a hidden type, are the shared ones there, too.</summary>
    public static Serializer Addresses() => new Copied<IPAddress, (byte[], long, bool)>(
        address => (address.GetAddressBytes(), address.AddressFamily == AddressFamily.InterNetworkV6 ? address.ScopeId : 0, Array.Exists(Shared, shared => ReferenceEquals(shared, address))),
        surrogate =>
        {
            var address = surrogate.Item1.Length == 4 ? new IPAddress(surrogate.Item1) : new IPAddress(surrogate.Item1, surrogate.Item2);
            return surrogate.Item3 ? Array.Find(Shared, shared => shared.Equals(address)) ?? address : address;
        });

    public static Serializer EndPoints() => new Copied<IPEndPoint, (IPAddress, int)>(
        endPoint => (endPoint.Address, endPoint.Port),
        surrogate => new IPEndPoint(surrogate.Item1, surrogate.Item2));

    public static Serializer DnsEndPoints() => new Copied<DnsEndPoint, (string, int, AddressFamily)>(
        endPoint => (endPoint.Host, endPoint.Port, endPoint.AddressFamily),
        surrogate => new DnsEndPoint(surrogate.Item1, surrogate.Item2, surrogate.Item3));

    public static Serializer PhysicalAddresses() => new Copied<PhysicalAddress, byte[]>(
        address => address.GetAddressBytes(),
        surrogate => new PhysicalAddress(surrogate));

    public static object Networks() => new CopiedStruct<IPNetwork, (IPAddress, int)>(
        network => (network.BaseAddress, network.PrefixLength),
        surrogate =>
            surrogate.Item1.Equals(IPAddress.Any) && surrogate.Item2 == 0 ? default : new IPNetwork(surrogate.Item1, surrogate.Item2));
}
