using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MultiProc.Specs.Kit;

/// <summary>As <see cref="SpecAttribute"/>, for each row of data.</summary>
public sealed class SpecTheoryAttribute : TheoryAttribute
{
    public SpecTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Timeout = Debugger.IsAttached ? 0 : SpecAttribute.Limit;
}
