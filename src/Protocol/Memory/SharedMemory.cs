using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;
using MultiProc.Boundary;

namespace MultiProc.Protocol.Memory;

/// <summary>
/// Memory that is shared by several processes of one user. All memory-mapped files of the project are created here.
/// </summary>
/// <remarks>
/// <see cref="Dispose"/> forbids further use and, in the creator, ends attaching. The pages stay mapped until nothing
/// refers to this object. So a thread that uses <see cref="Pointer"/> while another one disposes touches valid memory,
/// provided that it ends with <see cref="GC.KeepAlive"/> on this object. To free the memory at once, call
/// <see cref="Unmap"/>.
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

    /// <summary>
    /// The printable name. Any process of this user can attach with it while the creator lives and has not disposed.
    /// </summary>
    public string Handle { get; }

    /// <summary>The number of bytes at <see cref="Pointer"/>.</summary>
    public long Length { get; private set; }

    /// <summary>The address of the first byte, on a page boundary.</summary>
    /// <exception cref="ObjectDisposedException">This object was disposed.</exception>
    public byte* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _view.Address;
        }
    }

    /// <summary>Creates zeroed memory that only this user's processes can read and write.</summary>
    /// <param name="bytes">
    /// The size in bytes; no process can shrink it. (On Linux; where it is a file, see <see cref="TemporaryFile"/>.)
    /// </param>
    /// <param name="mayGrow">Whether it may be extended later: <see cref="EnsureLength"/>.</param>
    /// <param name="othersRead">
    /// Whether other processes only read it. On Linux, those that are not root cannot open it for writing unless they
    /// first change its mode.
    /// </param>
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

    /// <summary>
    /// Maps the memory named by <paramref name="handle"/>, which another process (or this one) created.
    /// </summary>
    /// <param name="handle">As <see cref="Handle"/>.</param>
    /// <param name="bytes">The number of bytes needed; null: all.</param>
    /// <exception cref="InvalidOperationException">
    /// The creator has disposed it, has exited, or belongs to another user; or the memory is too small.
    /// </exception>
    public static SharedMemory Attach(string handle, long? bytes = null) => Attach(handle, FileAccess.ReadWrite, bytes);

    /// <summary>
    /// As <see cref="Attach(string, long?)"/>, but read-only: a write through <see cref="Pointer"/> terminates the
    /// process.
    /// </summary>
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

    /// <summary>
    /// Maps at least <paramref name="bytes"/>, extending the memory if no process has done so yet.
    /// <see cref="Pointer"/> changes.
    /// </summary>
    /// <remarks>The caller excludes all other users of <see cref="Pointer"/>, in all processes.</remarks>
    public void EnsureLength(long bytes)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (bytes <= Length)
        {
            return;
        }

        // Any process that can write it can extend it beyond what anybody needs, so no more than the required length is
        // mapped.
        if (RandomAccess.GetLength(_file) < bytes)
        {
            RandomAccess.SetLength(_file, bytes);
        }

        var former = _view;
        _view = new MappedView(_file, bytes, MemoryMappedFileAccess.ReadWrite);
        Length = bytes;
        former.Dispose();
    }

    /// <summary>
    /// Whether the memory has at least this many bytes, mapped or not: whether a process has extended it so far.
    /// </summary>
    public bool Has(long bytes) => bytes <= Length || bytes <= RandomAccess.GetLength(_file);

    /// <summary>
    /// Whether the system has allocated memory for all of a range, because it was written. True if the system does not
    /// report it.
    /// </summary>
    public bool IsWritten(long offset, long bytes) => !OperatingSystem.IsLinux() || AnonymousFile.FirstHole(_file, offset) >= offset + bytes;

    /// <summary>
    /// Returns the whole pages of a range to the system where possible. Their content is undefined afterwards.
    /// </summary>
    public void Discard(long offset, long bytes)
    {
        var (begin, end) = WholePages(offset, offset + bytes, Environment.SystemPageSize);
        if (OperatingSystem.IsLinux() && end > begin)
        {
            PageAdvice.Remove(Pointer + begin, end - begin);
        }
    }

    /// <summary>
    /// The whole pages of a range. The system would round the length up, into what follows the range.
    /// </summary>
    /// <returns>The begin and end. An end at or before the begin: there are none.</returns>
    public static (long Begin, long End) WholePages(long begin, long end, int pageSize) => ((begin + pageSize - 1) / pageSize * pageSize, end / pageSize * pageSize);

    /// <summary>
    /// Drops the pages of a range from this process, which does not need them for a while. The content stays, but no
    /// longer counts as this process's memory.
    /// </summary>
    public void DropPages(long offset, long bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            PageAdvice.Drop(Pointer + offset, bytes);
        }
    }

    /// <summary>Disposes and unmaps now. The caller ensures that nobody uses <see cref="Pointer"/> any more.</summary>
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
