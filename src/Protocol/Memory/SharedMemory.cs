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

    private SharedMemory(SafeFileHandle file, string handle, long length, MemoryMappedFileAccess access = MemoryMappedFileAccess.ReadWrite)
    {
        _file = file;
        Handle = handle;
        Length = length;
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
    /// <param name="bytes">How many: no process can make them fewer. (On Linux; where it is a file, see <see cref="TemporaryFile"/>.)</param>
    /// <param name="mayGrow">Whether there may be more later: <see cref="EnsureLength"/>.</param>
    /// <param name="othersRead">Whether other processes only read it: those that are not root cannot open it for writing, on Linux, unless they first change its mode.</param>
    /// <remarks>Pages are taken from the system when they are first touched.</remarks>
    public static SharedMemory Create(long bytes, bool mayGrow = false, bool othersRead = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        var (file, handle) = OperatingSystem.IsLinux() ? AnonymousFile.Create() : TemporaryFile.Create();
        try
        {
            RandomAccess.SetLength(file, bytes);
            if (OperatingSystem.IsLinux())
            {
                AnonymousFile.Seal(file, bytes, mayGrow);
                if (othersRead)
                {
                    File.SetUnixFileMode(file, UnixFileMode.UserRead);
                }
            }

            return new SharedMemory(file, handle, bytes);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Maps the memory that <paramref name="handle"/> names, which another process (or this one) created.</summary>
    /// <param name="handle">As <see cref="Handle"/>.</param>
    /// <param name="bytes">How many are needed; null: all there are.</param>
    /// <exception cref="InvalidOperationException">The creator has disposed it or exited, or belongs to another user; or there are fewer bytes than needed.</exception>
    public static SharedMemory Attach(string handle, long? bytes = null) => Attach(handle, FileAccess.ReadWrite, bytes);

    /// <summary>As <see cref="Attach(string, long?)"/>; who writes at <see cref="Pointer"/> dies of it.</summary>
    public static SharedMemory AttachForReading(string handle) => Attach(handle, FileAccess.Read, bytes: null);

    private static SharedMemory Attach(string handle, FileAccess access, long? bytes)
    {
        var file = OperatingSystem.IsLinux() ? AnonymousFile.Open(handle, access) : TemporaryFile.Open(handle, access);
        try
        {
            var length = RandomAccess.GetLength(file);
            if (length < Math.Max(1, bytes ?? 1))
            {
                throw new InvalidOperationException($"The shared memory '{handle}' has {length} bytes, fewer than the {bytes} that are needed: it was created as something else.");
            }

            return new SharedMemory(file, handle, bytes ?? length, access == FileAccess.Read ? MemoryMappedFileAccess.Read : MemoryMappedFileAccess.ReadWrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or OutOfMemoryException)
        {
            file.Dispose();
            throw new InvalidOperationException($"The shared memory '{handle}' cannot be mapped: {exception.Message}", exception);
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

        // It may be longer than anybody needs: whoever can write it can lengthen it. So no more than what is needed is mapped.
        if (RandomAccess.GetLength(_file) < bytes)
        {
            RandomAccess.SetLength(_file, bytes);
        }

        var former = _view;
        _view = new MappedView(_file, bytes, MemoryMappedFileAccess.ReadWrite);
        Length = bytes;
        former.Dispose();
    }

    /// <summary>Whether so many bytes are there, mapped or not: whether a process has lengthened the memory so far.</summary>
    public bool Has(long bytes) => bytes <= Length || bytes <= RandomAccess.GetLength(_file);

    /// <summary>Whether the system holds memory for all of a range, because somebody has written there. Where it does not tell: true.</summary>
    public bool IsWritten(long offset, long bytes) => !OperatingSystem.IsLinux() || AnonymousFile.FirstHole(_file, offset) >= offset + bytes;

    /// <summary>Gives the whole pages of a range back to the system where it can take them; what is read there afterwards is undefined.</summary>
    public void Discard(long offset, long bytes)
    {
        var (begin, end) = WholePages(offset, offset + bytes, Environment.SystemPageSize);
        if (OperatingSystem.IsLinux() && end > begin)
        {
            PageAdvice.Remove(Pointer + begin, end - begin);
        }
    }

    /// <summary>The whole pages of a range. The system would round its length up, into what stands behind it.</summary>
    /// <returns>Where they begin and end; the same place, or the end before the beginning: there are none.</returns>
    public static (long Begin, long End) WholePages(long begin, long end, int pageSize) => ((begin + pageSize - 1) / pageSize * pageSize, end / pageSize * pageSize);

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
