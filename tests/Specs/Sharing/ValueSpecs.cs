using MultiProc.SharedStateChild;

namespace MultiProc.Specs.Sharing;

public sealed class ValueSpecs
{
    private const int Limit = 60_000;

    [Fact(Timeout = Limit)]
    public async Task Additions_by_eight_processes_add_up()
    {
        using var sum = new SharedValue<int>();
        var children = ChildProcess.Start(8, "add", SharedHandle.Of(sum), 100_000);
        try
        {
            await Task.WhenAll(children.Select(child => child.ExpectAsync("ready")));
            Array.ForEach(children, child => child.Continue());
            await Task.WhenAll(children.Select(child => child.ExpectAsync("done")));
        }
        finally
        {
            Array.ForEach(children, child => child.Dispose());
        }

        Assert.Equal(800_000, sum.Value);
    }

    [Fact(Timeout = Limit)]
    public async Task A_large_value_is_never_seen_half_written_even_if_writers_are_killed()
    {
        using var value = new SharedValue<Quad>();
        var children = ChildProcess.Start(3, "write-quads", SharedHandle.Of(value));
        try
        {
            await Task.WhenAll(children.Select(child => child.ExpectAsync("ready")));
            foreach (var child in children)
            {
                for (var i = 0; i < 20_000; i++)
                {
                    Assert.True(value.Value.IsWhole);
                }

                child.Kill();
            }

            Assert.True(value.Value.IsWhole);
            value.Value = Quad.Of(-1);
            Assert.Equal(Quad.Of(-1), value.Value);
        }
        finally
        {
            Array.ForEach(children, child => child.Dispose());
        }
    }

    [Fact(Timeout = Limit)]
    public async Task An_array_is_one_memory_in_all_processes()
    {
        using var array = new SharedArray<int>(1_000_000);
        using var even = ChildProcess.Start("fill-array", SharedHandle.Of(array), 0, 2);
        using var odd = ChildProcess.Start("fill-array", SharedHandle.Of(array), 1, 2);

        await even.ExpectAsync("done");
        await odd.ExpectAsync("done");

        Assert.Equal(Enumerable.Range(0, array.Length), array.Span.ToArray());
    }
}
