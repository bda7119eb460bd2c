namespace MultiProc.Diagnostics;

/// <summary>The names of all environment variables that the library reads or sets.</summary>
internal static class EnvironmentNames
{
    /// <summary>
    /// Read: which workers wait for a debugger; see <see cref="EnvironmentSwitches"/>. Workers do not inherit it.
    /// </summary>
    public const string Debug = "MULTIPROC_DEBUG";

    /// <summary>Read: <c>1</c> runs every pool in its own process. Workers do not inherit it.</summary>
    public const string InProcess = "MULTIPROC_INPROCESS";

    /// <summary>Read: where .NET is installed, if the location of the running runtime does not show it.</summary>
    public const string DotnetRoot = "DOTNET_ROOT";

    /// <summary>Read: the directory for temporary files.</summary>
    public const string TemporaryDirectory = "TMPDIR";

    /// <summary>
    /// Set in workers, and inherited by all that they start: identifies the worker and its pool (see
    /// <c>WorkerMark</c>).
    /// </summary>
    public const string Mark = "MULTIPROC_WORKER";

    /// <summary>Set in workers: the maximum size of the managed heap in bytes, in hexadecimal digits.</summary>
    public const string HeapHardLimit = "DOTNET_GCHeapHardLimit";

    /// <summary>
    /// Set in workers, unless the host or the pool's options set it: the maximum size of the youngest generation in
    /// bytes, in hexadecimal digits.
    /// </summary>
    public const string YoungGenerationLimit = "DOTNET_GCgen0MaxBudget";

    /// <summary>
    /// Set in workers, unless the host or the pool's options set it: whether the runtime collects garbage on a
    /// background thread.
    /// </summary>
    public const string ConcurrentCollector = "DOTNET_gcConcurrent";

    /// <summary>
    /// Set in workers, unless the host or the pool's options set it: the delay before the runtime counts calls, in
    /// milliseconds and hexadecimal digits.
    /// </summary>
    public const string CallCountingDelay = "DOTNET_TC_CallCountingDelayMs";

    /// <summary>
    /// Set, as the three below, in processes that capture stacks of workers: they are not diagnosed themselves.
    /// </summary>
    public const string EnableDiagnostics = "DOTNET_EnableDiagnostics";

    /// <inheritdoc cref="EnableDiagnostics"/>
    public const string ServerCollector = "DOTNET_gcServer";

    /// <inheritdoc cref="EnableDiagnostics"/>
    public const string TieredProfile = "DOTNET_TieredPGO";

    /// <inheritdoc cref="EnableDiagnostics"/>
    public const string StartupHooks = "DOTNET_STARTUP_HOOKS";

    /// <summary>Set in workers, as the two below: a worker that crashes writes a memory dump.</summary>
    public const string EnableDump = "DOTNET_DbgEnableMiniDump";

    /// <inheritdoc cref="EnableDump"/>
    public const string DumpName = "DOTNET_DbgMiniDumpName";

    /// <inheritdoc cref="EnableDump"/>
    public const string DumpType = "DOTNET_DbgMiniDumpType";
}
