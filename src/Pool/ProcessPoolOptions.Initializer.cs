namespace MultiProc;

public sealed partial record ProcessPoolOptions
{
    /// <summary>What each worker runs before its first call; null: nothing.</summary>
    internal PoolFunction? Initializer { get; private init; }

    /// <summary>
    /// These options with an initializer: each worker process runs it once, before its first call (<c>initializer</c> and <c>initargs</c> in Python).
    /// It is where static fields are set, and where shared objects are handed over. It and its arguments are copied when the pool starts.
    /// </summary>
    /// <param name="initializer">What to run; if it returns a task, that is awaited. If it throws, the pool does not start.</param>
    /// <exception cref="ArgumentNullException"><paramref name="initializer"/> is null.</exception>
    [GenerateOverloads]
    public ProcessPoolOptions WithInitializer(Action initializer) => With(initializer, default(ValueTuple));

    /// <inheritdoc cref="WithInitializer(Action)"/>
    [GenerateOverloads]
    public ProcessPoolOptions WithInitializer<T>(Action<T> initializer, T arg) => With(initializer, ValueTuple.Create(arg));

    /// <inheritdoc cref="WithInitializer(Action)"/>
    [GenerateOverloads(MaxArguments = 4)]
    public ProcessPoolOptions WithInitializer<T1, T2>(Action<T1, T2> initializer, T1 arg1, T2 arg2) => With(initializer, (arg1, arg2));

    /// <summary>What each worker runs before it leaves; null: nothing.</summary>
    internal PoolFunction? ExitHook { get; private init; }

    /// <summary>
    /// These options with an exit hook: each worker runs it once, after its last call, when it leaves in order - because the pool was closed and joined, was made
    /// smaller, or replaced it as planned. A worker that is killed or crashes does not run it, nor does <see cref="ProcessPool.TerminateAsync"/> wait for it.
    /// What it throws is written to the worker's standard error.
    /// </summary>
    /// <param name="hook">What to run; if it returns a task, that is awaited. It has <see cref="CancellationGracePeriod"/> to end.</param>
    /// <exception cref="ArgumentNullException"><paramref name="hook"/> is null.</exception>
    [GenerateOverloads]
    public ProcessPoolOptions WithExitHook(Action hook) => this with { ExitHook = PoolFunction.Of(hook, default(ValueTuple)) };

    private ProcessPoolOptions With<TArguments>(Delegate initializer, TArguments arguments) =>
        this with { Initializer = PoolFunction.Of(initializer, arguments) };
}
