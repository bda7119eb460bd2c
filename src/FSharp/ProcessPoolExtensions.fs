namespace MultiProc

open System
open System.Collections.Generic
open System.Runtime.CompilerServices
open System.Threading
open System.Threading.Tasks

/// <summary>What the extension members below are made of. Not for direct use: they are inlined into your code, so that a function keeps its name there.</summary>
[<System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)>]
module AsyncFunctions =
    /// <summary>Starts an async computation in the worker, under the call's own token.</summary>
    let start (computation: Async<'TResult>) : Task<'TResult> =
        let token =
            match WorkerContext.Current with
            | null -> CancellationToken.None
            | context -> context.CancellationToken

        Async.StartImmediateAsTask(computation, token)

    /// <summary>The value of an optional argument, or null.</summary>
    let orNull (value: 'T option) : 'T | null when 'T: not struct and 'T: not null =
        match value with
        | Some given -> given
        | None -> null

/// <summary>Calls whose function returns a task or an async computation: it runs in a worker, is awaited there, and its result comes back.</summary>
[<AutoOpen>]
module ProcessPoolFSharpExtensions =
    type IProcessPool with

        /// <summary>Runs a function that returns a task in a worker.</summary>
        member inline pool.RunAsync
            ([<InlineIfLambda>] work: unit -> Task<'TResult>, ?options: CallOptions, ?cancellationToken: CancellationToken)
            : Task<'TResult> =
            ProcessPoolExtensions.RunAsync<'TResult>(
                pool,
                Func<Task<'TResult>>(work),
                AsyncFunctions.orNull options,
                defaultArg cancellationToken CancellationToken.None
            )

        /// <summary>Runs a function that returns an async computation in a worker. The computation's token is the call's own.</summary>
        member inline pool.RunAsync
            ([<InlineIfLambda>] work: unit -> Async<'TResult>, ?options: CallOptions, ?cancellationToken: CancellationToken)
            : Task<'TResult> =
            ProcessPoolExtensions.RunAsync<'TResult>(
                pool,
                Func<Task<'TResult>>(fun () -> AsyncFunctions.start (work ())),
                AsyncFunctions.orNull options,
                defaultArg cancellationToken CancellationToken.None
            )

        /// <summary>Runs a function of the call's token that returns a task in a worker.</summary>
        member inline pool.RunAsync
            (
                [<InlineIfLambda>] work: CancellationToken -> Task<'TResult>,
                ?options: CallOptions,
                ?cancellationToken: CancellationToken
            ) : Task<'TResult> =
            ProcessPoolExtensions.RunAsync<'TResult>(
                pool,
                Func<CancellationToken, Task<'TResult>>(work),
                AsyncFunctions.orNull options,
                defaultArg cancellationToken CancellationToken.None
            )

        /// <summary>Runs a function of one argument that returns a task in a worker.</summary>
        member inline pool.ApplyAsync
            (
                [<InlineIfLambda>] work: 'T -> Task<'TResult>,
                arg: 'T,
                ?options: CallOptions,
                ?cancellationToken: CancellationToken
            ) : Task<'TResult> =
            ProcessPoolExtensions.ApplyAsync<'T, 'TResult>(
                pool,
                Func<'T, Task<'TResult>>(work),
                arg,
                AsyncFunctions.orNull options,
                defaultArg cancellationToken CancellationToken.None
            )

        /// <summary>Runs a function of one argument that returns an async computation in a worker.</summary>
        member inline pool.ApplyAsync
            (
                [<InlineIfLambda>] work: 'T -> Async<'TResult>,
                arg: 'T,
                ?options: CallOptions,
                ?cancellationToken: CancellationToken
            ) : Task<'TResult> =
            ProcessPoolExtensions.ApplyAsync<'T, 'TResult>(
                pool,
                Func<'T, Task<'TResult>>(fun argument -> AsyncFunctions.start (work argument)),
                arg,
                AsyncFunctions.orNull options,
                defaultArg cancellationToken CancellationToken.None
            )

        /// <summary>Runs a function that returns a task once for each item; results in the order of the source.</summary>
        member inline pool.MapAsync
            (
                [<InlineIfLambda>] work: 'T -> Task<'TResult>,
                source: seq<'T>,
                ?options: MapOptions,
                ?cancellationToken: CancellationToken
            ) : Task<'TResult array> =
            ProcessPoolExtensions.MapAsync<'T, 'TResult>(
                pool,
                Func<'T, Task<'TResult>>(work),
                source,
                AsyncFunctions.orNull options,
                defaultArg cancellationToken CancellationToken.None
            )

        /// <summary>Runs a function that returns an async computation once for each item; results in the order of the source.</summary>
        member inline pool.MapAsync
            (
                [<InlineIfLambda>] work: 'T -> Async<'TResult>,
                source: seq<'T>,
                ?options: MapOptions,
                ?cancellationToken: CancellationToken
            ) : Task<'TResult array> =
            ProcessPoolExtensions.MapAsync<'T, 'TResult>(
                pool,
                Func<'T, Task<'TResult>>(fun item -> AsyncFunctions.start (work item)),
                source,
                AsyncFunctions.orNull options,
                defaultArg cancellationToken CancellationToken.None
            )

        /// <summary>Runs a function that returns a task once for each item, as its results are consumed, in the order of the source.</summary>
        member inline pool.MapStreamAsync
            (
                [<InlineIfLambda>] work: 'T -> Task<'TResult>,
                source: seq<'T>,
                ?options: MapOptions,
                ?cancellationToken: CancellationToken
            ) : IAsyncEnumerable<'TResult> =
            ProcessPoolExtensions.MapStreamAsync<'T, 'TResult>(
                pool,
                Func<'T, Task<'TResult>>(work),
                source,
                AsyncFunctions.orNull options,
                defaultArg cancellationToken CancellationToken.None
            )

        /// <summary>Runs a function that returns a task once for each item; every item ends as a value or an exception.</summary>
        member inline pool.MapSettledAsync
            (
                [<InlineIfLambda>] work: 'T -> Task<'TResult>,
                source: seq<'T>,
                ?options: MapOptions,
                ?cancellationToken: CancellationToken
            ) : Task<MapOutcome<'TResult> array> =
            ProcessPoolExtensions.MapSettledAsync<'T, 'TResult>(
                pool,
                Func<'T, Task<'TResult>>(work),
                source,
                AsyncFunctions.orNull options,
                defaultArg cancellationToken CancellationToken.None
            )

        /// <summary>Runs a function that returns a task once on every worker; results by slot.</summary>
        member inline pool.BroadcastAsync
            ([<InlineIfLambda>] work: unit -> Task<'TResult>, ?options: CallOptions, ?cancellationToken: CancellationToken)
            : Task<'TResult array> =
            ProcessPoolExtensions.BroadcastAsync<'TResult>(
                pool,
                Func<Task<'TResult>>(work),
                AsyncFunctions.orNull options,
                defaultArg cancellationToken CancellationToken.None
            )
