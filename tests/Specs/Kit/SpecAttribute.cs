using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MultiProc.Specs.Kit;

/// <summary>A spec with a limit: none, however it hangs, holds up the rest. Under a debugger there is none, so that stepping does not end the spec.</summary>
public sealed class SpecAttribute : FactAttribute
{
    /// <summary>In milliseconds. A spec takes a second or a few; the rest is for a machine that is busy with something else.</summary>
    public const int Limit = 120_000;

    public SpecAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Timeout = Debugger.IsAttached ? 0 : Limit;
}
