namespace MultiProc.Attacks.Boundary;

/// <summary>What a worker sends runs no code of its choice in the host.</summary>
public sealed class WhatComesBackSpecs(TwoWorkers shared) : SharedPoolSpec(shared), IClassFixture<TwoWorkers>
{
    private const string LeftOut = "MultiProc.LeftOut";

    [SpecTheory]
    [InlineData("dictionary")]
    [InlineData("concurrent")]
    [InlineData("frozen")]
    [InlineData("immutable")]
    [InlineData("sorted")]
    [InlineData("list")]
    public async Task A_collection_whose_comparer_is_native_code_deletes_no_file_in_the_host(string kind)
    {
        using var victim = new Victim();

        var refusal = await Assert.ThrowsAsync<NotSerializableException>(() => Pool.ApplyAsync(Traps.Deleting, kind, victim.Path));

        Assert.StartsWith(kind == "list" ? "result[1]" : "result", refusal.Path, StringComparison.Ordinal);
        Assert.True(victim.IsThere);
        Assert.Equal(3, await Pool.ApplyAsync(static (int a, int b) => a + b, 1, 2));
    }

    [Spec]
    public async Task An_exception_comes_without_what_would_run_in_the_host_and_says_so()
    {
        using var victim = new Victim();

        var exception = await Assert.ThrowsAsync<HoldingException>(() => Pool.ApplyAsync(Traps.ThrowDeleting, victim.Path));

        Assert.Equal(("held", 7, null, null, 0), (exception.Message, exception.Number, exception.Held, exception.Call, (int)exception.Handle));
        Assert.Equal(["exception.Call", "exception.Handle", "exception.Held"], Assert.IsType<string[]>(exception.Data[LeftOut]).Order());
        Assert.Contains("exception.Held", exception.StackTrace, StringComparison.Ordinal);
        Assert.True(victim.IsThere);
    }

    [Spec]
    public async Task A_report_that_would_run_code_fails_its_call_and_the_next_one_is_heard()
    {
        using var victim = new Victim();
        var heard = new List<object>();
        var progress = new Synchronous(heard.Add);

        await Assert.ThrowsAsync<NotSerializableException>(() => Pool.ApplyAsync(Traps.Report, (IProgress<object>)progress, victim.Path));
        await Pool.ApplyAsync(static (IProgress<object> progress) => progress.Report(5), (IProgress<object>)progress);

        Assert.Equal([5], heard);
        Assert.True(victim.IsThere);
    }

    [Spec]
    public async Task An_item_of_a_shared_queue_that_would_run_code_is_refused_and_the_next_one_is_taken()
    {
        using var victim = new Victim();
        using var queue = new SharedQueue<object>();

        await Pool.ApplyAsync(
            static async (SharedQueue<object> queue, string path) =>
            {
                await queue.EnqueueAsync(Traps.Deleting("dictionary", path));
                await queue.EnqueueAsync(5);
            },
            queue, victim.Path);

        await Assert.ThrowsAsync<NotSerializableException>(() => queue.DequeueAsync().AsTask());
        Assert.Equal(5, await queue.DequeueAsync());
        Assert.True(victim.IsThere);
    }

    [SpecTheory]
    [InlineData("delete")]
    [InlineData("native")]
    [InlineData("bound")]
    [InlineData("exit")]
    public async Task A_delegate_to_code_that_is_not_the_applications_does_not_come_back(string kind)
    {
        var refusal = await Assert.ThrowsAsync<NotSerializableException>(() => Pool.ApplyAsync(Traps.Delegate, kind));

        Assert.Contains("Return a lambda", refusal.Message, StringComparison.Ordinal);
    }

    [Spec]
    public async Task What_the_application_wrote_and_what_it_sent_comes_back()
    {
        var offset = 5;
        Assert.Equal(8, (await Pool.RunAsync(() => new Func<int, int>(value => value + offset)))(3));
        Assert.Equal(((Action<string>)File.Delete).Method, (await Pool.ApplyAsync(static (Action<string> delete) => delete, (Action<string>)File.Delete)).Method);
        Assert.Equal(1, (await Pool.RunAsync(static () => new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 }))["A"]);
        Assert.Equal(["b", "a"], await Pool.RunAsync(static () => new SortedSet<string>(Comparer<string>.Create(static (x, y) => string.CompareOrdinal(y, x))) { "a", "b" }));
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Pool.RunAsync(static int () => throw new InvalidTimeZoneException()));
    }

    [Spec]
    public async Task A_type_of_an_assembly_that_merely_lies_beside_the_host_does_not_come_back()
    {
        const string Beside = "StreamJsonRpc";

        var refusal = await Assert.ThrowsAsync<NotSerializableException>(() => Pool.RunAsync(
            static object () => Activator.CreateInstance(Type.GetType("StreamJsonRpc.RequestId, " + Beside, throwOnError: true)!, 5L)!));
        var exception = await Assert.ThrowsAsync<RemoteException>(() => Pool.RunAsync(static int () =>
            throw (Exception)Activator.CreateInstance(Type.GetType("StreamJsonRpc.BadRpcHeaderException, " + Beside, throwOnError: true)!, "header")!));
        await Assert.ThrowsAsync<NotSerializableException>(() => Pool.RunAsync(static object () => Type.GetType("Nerdbank.Streams.Sequence`1, Nerdbank.Streams", throwOnError: true)!));

        Assert.Contains(Beside, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(("StreamJsonRpc.BadRpcHeaderException", "header"), (exception.RemoteTypeName, exception.Message));
    }

    private sealed class Synchronous(Action<object> report) : IProgress<object>
    {
        public void Report(object value) => report(value);
    }
}
