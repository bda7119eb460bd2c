namespace MultiProc.Protocol.Boundary;

/// <summary>An object that both sides look at in shared memory: it crosses as a handle and is attached on the other side.</summary>
/// <remarks>Implemented by the <c>Shared*</c> types of the library. Attaching one handle twice in a process gives one object.</remarks>
/// <typeparam name="TSelf">The implementing type.</typeparam>
internal interface ISharedObject<TSelf> : ISharedObject
    where TSelf : class, ISharedObject<TSelf>
{
    /// <summary>A printable name by which any process of this user can attach while the creator lives.</summary>
    string Handle { get; }

    /// <summary>Attaches to the object that <paramref name="handle"/> names.</summary>
    static abstract TSelf Attach(string handle);
}

/// <summary>What all <see cref="ISharedObject{TSelf}"/> have in common. Only what holds items has limits.</summary>
internal interface ISharedObject
{
    /// <summary>From now on this process takes no item out that takes more bytes.</summary>
    void LimitReading(long itemBytes)
    {
    }

    /// <summary>From now on this process puts no item in that takes more bytes.</summary>
    void LimitWriting(long itemBytes)
    {
    }
}
