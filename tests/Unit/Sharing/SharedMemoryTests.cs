using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using MultiProc.Protocol.Memory;

namespace MultiProc.Unit.Sharing;

public sealed unsafe partial class SharedMemoryTests
{
    [Fact]
    public void New_memory_is_zero_and_has_the_length_asked_for()
    {
        using var memory = SharedMemory.Create(10_000);

        Assert.Equal(10_000, memory.Length);
        Assert.False(new ReadOnlySpan<byte>(memory.Pointer, 10_000).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void What_is_attached_is_the_same_memory()
    {
        using var created = SharedMemory.Create(64);
        using var attached = SharedMemory.Attach(created.Handle);

        created.Pointer[3] = 17;
        attached.Pointer[4] = 18;

        Assert.True(created.Pointer != attached.Pointer);
        Assert.Equal(17, attached.Pointer[3]);
        Assert.Equal(18, created.Pointer[4]);
        Assert.Equal(created.Length, attached.Length);
    }

    [Fact]
    public void Attaching_after_the_creator_disposed_says_so()
    {
        var memory = SharedMemory.Create(64);
        memory.Dispose();

        var error = Assert.Throws<InvalidOperationException>(() => SharedMemory.Attach(memory.Handle));

        Assert.Contains("disposed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_descriptor_that_was_reused_is_noticed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Handles name descriptors only on Linux.");
        using var memory = SharedMemory.Create(64);
        using var other = SharedMemory.Create(64);
        var label = memory.Handle.Split('/')[2];
        var reused = string.Join('/', [.. other.Handle.Split('/')[..2], label]);

        Assert.Throws<InvalidOperationException>(() => SharedMemory.Attach(reused));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b/c")]
    [InlineData("1/2")]
    [InlineData("1/../../etc/passwd")]
    public void A_handle_that_is_none_is_refused(string handle)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Handles are paths elsewhere.");
        Assert.Throws<ArgumentException>(() => SharedMemory.Attach(handle));
    }

    [Fact]
    public void A_disposed_object_throws_instead_of_touching_memory()
    {
        var memory = SharedMemory.Create(64);
        memory.Dispose();
        memory.Dispose();

        Assert.Throws<ObjectDisposedException>(() => _ = memory.Pointer);
        Assert.Throws<ObjectDisposedException>(() => memory.EnsureLength(128));
    }

    [Fact]
    public void An_address_taken_before_disposal_stays_mapped_while_the_object_is_reachable()
    {
        var memory = SharedMemory.Create(64);
        var address = memory.Pointer;
        memory.Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();

        *address = 1;

        Assert.Equal(1, *address);
        GC.KeepAlive(memory);
    }

    [Fact]
    public void Memory_lengthened_by_one_is_lengthened_for_all()
    {
        using var created = SharedMemory.Create(4096, mayGrow: true);
        using var attached = SharedMemory.Attach(created.Handle);
        created.Pointer[1] = 5;

        attached.EnsureLength(1_000_000);
        attached.Pointer[999_999] = 6;
        Assert.True(created.Has(1_000_000));
        Assert.False(created.Has(1_000_001));
        created.EnsureLength(1_000_000);

        Assert.Equal(1_000_000, created.Length);
        Assert.Equal(5, created.Pointer[1]);
        Assert.Equal(6, created.Pointer[999_999]);
    }

    [Fact]
    public void Discarded_pages_leave_the_rest_alone()
    {
        using var memory = SharedMemory.Create(1 << 20);
        memory.Pointer[0] = 1;
        memory.Pointer[1 << 19] = 2;

        memory.Discard(1 << 19, 1 << 19);

        Assert.Equal(1, memory.Pointer[0]);
    }

    [Fact]
    public void Memory_has_no_name_in_any_directory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere it is a temporary file.");
        using var memory = SharedMemory.Create(64);

        Assert.Empty(Directory.EnumerateFiles("/dev/shm", "multiproc-*"));
        Assert.Empty(Directory.EnumerateFiles(Path.GetTempPath(), memory.Handle.Split('/')[2]));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Only_this_user_has_rights_to_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Handles name descriptors only on Linux.");
        using var memory = SharedMemory.Create(64);
        var descriptor = memory.Handle.Split('/')[1];

        var mode = File.GetUnixFileMode(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{descriptor}"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void What_others_only_read_they_may_not_open_for_writing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Handles name descriptors only on Linux.");
        using var memory = SharedMemory.Create(64, othersRead: true);
        memory.Pointer[0] = 3;
        using var reader = SharedMemory.AttachForReading(memory.Handle);

        Assert.Equal(3, reader.Pointer[0]);
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{memory.Handle.Split('/')[1]}")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nobody_can_make_it_shorter_or_seal_it_further(bool mayGrow)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux can seal memory.");
        using var memory = SharedMemory.Create(10_000, mayGrow);
        var parts = memory.Handle.Split('/');
        using var other = File.OpenHandle($"/proc/{parts[0]}/fd/{parts[1]}", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

        Assert.Throws<UnauthorizedAccessException>(() => RandomAccess.SetLength(other, 0));
        Assert.Throws<UnauthorizedAccessException>(() => RandomAccess.SetLength(other, 9_999));
        var growing = Record.Exception(() => RandomAccess.SetLength(other, 20_000));

        Assert.Equal(mayGrow, growing is null);
        Assert.Equal(mayGrow ? 20_000 : 10_000, RandomAccess.GetLength(other));
        memory.Pointer[9_999] = 1;
    }

    [Fact]
    public void Memory_that_its_creator_could_make_shorter_is_not_attached()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux can seal memory.");
        var label = "multiproc-0123456789abcdef0123456789abcdef";
        using var loose = new SafeFileHandle(CreateLoose(label, 2), ownsHandle: true);
        RandomAccess.SetLength(loose, 4096);
        var handle = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}/{loose.DangerousGetHandle()}/{label}");

        var error = Assert.Throws<InvalidOperationException>(() => SharedMemory.Attach(handle));

        Assert.Contains("not sealed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_is_shorter_than_what_it_should_hold_is_not_attached()
    {
        using var memory = SharedMemory.Create(4096);

        var error = Assert.Throws<InvalidOperationException>(() => SharedMemory.Attach(memory.Handle, 4097));

        Assert.Contains("4096", error.Message, StringComparison.Ordinal);
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateLoose(string name, uint flags);
}
