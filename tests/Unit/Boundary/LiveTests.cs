using MultiProc.Boundary;

namespace MultiProc.Unit.Boundary;

public sealed class LiveTests
{
    [Fact]
    public void Tokens_cross_live_wherever_they_stand()
    {
        using var source = new CancellationTokenSource();
        var live = new LiveTable();
        var copy = Crossing.Copy(new WithToken { Token = source.Token, Any = source.Token }, live);
        var token = source.Token;
        var function = Crossing.Function(() => token.IsCancellationRequested, live);
        source.Cancel();
        Assert.True(copy.Token.IsCancellationRequested);
        Assert.True(((CancellationToken)copy.Any!).IsCancellationRequested);
        Assert.True(function());
    }

    [Fact]
    public void Tokens_that_cannot_change_cross_by_value_and_those_that_are_cancelled_are_remembered()
    {
        var live = new LiveTable();
        Assert.Equal(CancellationToken.None, Crossing.Copy(CancellationToken.None, live));
        Assert.Empty(live.Tokens);
        Assert.True(Crossing.Copy(new CancellationToken(true), live).IsCancellationRequested);
        Assert.Equal([new CancellationToken(true)], live.Tokens);
    }

    [Fact]
    public void Progress_crosses_live_as_interface_and_as_the_class_of_the_framework()
    {
        var live = new LiveTable();
        var reports = new Reports();
        Assert.Same(reports, Crossing.Copy<IProgress<int>>(reports, live));
        Assert.Same(reports, Crossing.Copy<object>(reports, live));
        var standard = new Immediate();
        IProgress<int> copy = Crossing.Copy(new Holder<Progress<string>>(new Progress<string>()), live).Value is { } progress
            ? new Adapter(progress)
            : standard;
        copy.Report(1);
        var (left, right) = Crossing.Copy<(IProgress<int>, IProgress<int>)>((reports, reports));
        Assert.Same(left, right);
        var variant = new Anything();
        Assert.Same(variant, Crossing.Copy<IProgress<string>>(variant, live));
    }

    [Fact]
    public void Progress_in_a_slot_of_its_own_class_is_refused_with_the_way_out()
    {
        var progress = new Reports();
        var refusal = Crossing.FunctionRefused(() => progress.Report(1));
        Assert.Equal("progress", refusal.Path);
        Assert.Contains("IProgress<Int32>", refusal.Message);
    }

    [Fact]
    public void What_the_other_side_does_not_accept_is_refused()
    {
        using var source = new CancellationTokenSource();
        var live = new LiveTable { Accepts = false };
        Assert.Throws<BoundaryException>(() => Crossing.Encode(source.Token, live));
        Assert.Throws<BoundaryException>(() => Crossing.Encode<IProgress<int>>(new Reports(), live));
    }

    [Fact]
    public void Shared_objects_cross_as_their_handle()
    {
        var copy = Crossing.Copy(new Holder<object>(new Shared("name 1")));
        Assert.Equal("attached to name 1", Assert.IsType<Shared>(copy.Value).Handle);
    }

    private sealed class WithToken
    {
        public CancellationToken Token { get; init; }

        public object? Any { get; init; }
    }

    private sealed record Holder<T>(T Value);

    private sealed class Reports : IProgress<int>
    {
        public List<int> Values { get; } = [];

        public void Report(int value) => Values.Add(value);
    }

    private sealed class Immediate : IProgress<int>
    {
        public void Report(int value)
        {
        }
    }

    private sealed class Adapter(IProgress<string> inner) : IProgress<int>
    {
        public void Report(int value) => inner.Report($"{value}");
    }

    private sealed class Anything : IProgress<object>
    {
        public void Report(object value)
        {
        }
    }

    [SharedObject(typeof(Copier))]
    private sealed class Shared(string handle)
    {
        public string Handle { get; } = handle;

        private sealed class Copier : SharedObjectCopier<Shared>
        {
            public override string HandleOf(Shared shared) => shared.Handle;

            public override Shared Attach(string handle) => new($"attached to {handle}");
        }
    }
}
