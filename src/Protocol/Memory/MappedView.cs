using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace MultiProc.Protocol.Memory;

/// <summary>A mapping of a file in this process, until it is disposed or collected.</summary>
internal sealed unsafe class MappedView : IDisposable
{
    private readonly MemoryMappedViewAccessor _view;
    private bool _isUnmapped;

    public MappedView(SafeFileHandle file, long length, MemoryMappedFileAccess access)
    {
        MappingBudget.Add();
        using var mapped = MemoryMappedFile.CreateFromFile(file, null, 0, access, HandleInheritability.None, leaveOpen: true);
        _view = mapped.CreateViewAccessor(0, length, access);

        // The address is valid as long as the view's handle, which this object keeps reachable. A reference on that
        // handle would instead keep its finalizer from ever unmapping.
        Address = (byte*)_view.SafeMemoryMappedViewHandle.DangerousGetHandle();
    }

    /// <summary>The finalizer only updates the count. The view's handle has a finalizer that unmaps.</summary>
    ~MappedView() => MappingBudget.Remove();

    public byte* Address { get; }

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isUnmapped, true))
        {
            _view.Dispose();
            MappingBudget.Remove();
        }

        GC.SuppressFinalize(this);
    }
}
