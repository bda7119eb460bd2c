using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace MultiProc.Protocol.Memory;

/// <summary>Memory that several processes of one user see. The project's only door to memory mapped files.</summary>
/// <remarks>
/// <see cref="Dispose"/> forbids further use and, in the creator, ends attaching; the pages themselves stay mapped until nothing refers to this object.
/// So a thread that is using <see cref="Pointer"/> while another one disposes touches valid memory - provided it ends with
/// <see cref="GC.KeepAlive"/> on this object. Whoever needs the memory back at once calls <see cref="Unmap"/>.
/// </remarks>
internal sealed unsafe class SharedMemory : IDisposable
{
    private readonly SafeFileHandle _file;
    private MappedView _view;
    private volatile bool _isDisposed;

    private SharedMemory(SafeFileHandle file, string handle, MemoryMappedFileAccess access = MemoryMappedFileAccess.ReadWrite)
    {
        _file = file;
        Handle = handle;
        Length = RandomAccess.GetLength(file);
        _view = new MappedView(file, Length, access);
    }

    /// <summary>A printable name. Any process of this user attaches with it while the creator lives and has not disposed.</summary>
    public string Handle { get; }

    /// <summary>The number of bytes at <see cref="Pointer"/>.</summary>
    public long Length { get; private set; }

    /// <summary>The first byte, on a page boundary.</summary>
    /// <exception cref="ObjectDisposedException">This object was disposed.</exception>
    public byte* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _view.Address;
        }
    }

    /// <summary>Creates memory full of zeros that this user's processes, and no others, can read and write.</summary>
    /// <remarks>Pages are taken from the system when they are first touched.</remarks>
    public static SharedMemory Create(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        var (file, handle) = OperatingSystem.IsLinux() ? AnonymousFile.Create() : TemporaryFile.Create();
        try
        {
            RandomAccess.SetLength(file, bytes);
            return new SharedMemory(file, handle);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Maps the memory that <paramref name="handle"/> names, which another process (or this one) created.</summary>
    /// <exception cref="InvalidOperationException">The creator has disposed it or exited, or belongs to another user.</exception>
    public static SharedMemory Attach(string handle) => Attach(handle, FileAccess.ReadWrite);

    /// <summary>As <see cref="Attach(string)"/>; who writes at <see cref="Pointer"/> dies of it.</summary>
    public static SharedMemory AttachForReading(string handle) => Attach(handle, FileAccess.Read);

    private static SharedMemory Attach(string handle, FileAccess access)
    {
        var file = OperatingSystem.IsLinux() ? AnonymousFile.Open(handle, access) : TemporaryFile.Open(handle, access);
        try
        {
            return new SharedMemory(file, handle, access == FileAccess.Read ? MemoryMappedFileAccess.Read : MemoryMappedFileAccess.ReadWrite);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Maps at least <paramref name="bytes"/>, lengthening the memory if no process has done so yet. <see cref="Pointer"/> moves.</summary>
    /// <remarks>The caller excludes every other user of <see cref="Pointer"/>, in all processes.</remarks>
    public void EnsureLength(long bytes)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (bytes <= Length)
        {
            return;
        }

        var length = RandomAccess.GetLength(_file);
        if (length < bytes)
        {
            RandomAccess.SetLength(_file, bytes);
            length = bytes;
        }

        var former = _view;
        _view = new MappedView(_file, length, MemoryMappedFileAccess.ReadWrite);
        Length = length;
        former.Dispose();
    }

    /// <summary>Gives the pages of a range back to the system where it can take them; what is read there afterwards is undefined.</summary>
    public void Discard(long offset, long bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            PageAdvice.Remove(Pointer + offset, bytes);
        }
    }

    /// <summary>What this process does not look at for a while: it stays as it is, but does not count as this process's memory.</summary>
    public void LoseSight(long offset, long bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            PageAdvice.Drop(Pointer + offset, bytes);
        }
    }

    /// <summary>Disposes and unmaps now. The caller knows that nobody uses <see cref="Pointer"/> any more.</summary>
    public void Unmap()
    {
        Dispose();
        _view.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _file.Dispose();
    }
}
