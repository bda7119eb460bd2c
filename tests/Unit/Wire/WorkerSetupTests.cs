using MultiProc.Protocol.Launch;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Wire;

namespace MultiProc.Unit.Wire;

public sealed class WorkerSetupTests
{
    private static readonly WorkerSetup Setup = new(
        "/tmp/mp-ä b", Handshake.CreateSecret(), "1/2/x", -1, "w-", "mp", 4711, 1, WaitForDebugger: true, 30_000, "a/1", Results: null, MaxResultBytes: 12_345_678_901, ControlPipe: "/run/c", Application: "App",
        [new EnvironmentVariable("DOTNET_gcConcurrent", null), new EnvironmentVariable("DOTNET_GCgen0MaxBudget", "ä")]);

    [Fact]
    public void A_setup_comes_back_as_it_was_sent()
    {
        var read = WorkerSetup.TryRead(Setup.ToBytes());

        Assert.NotNull(read);
        Assert.Equal(Setup.Secret, read.Secret);
        Assert.Equal(Setup.FormerVariables, read.FormerVariables);
        Assert.Equal(Setup, read with { Secret = Setup.Secret, FormerVariables = Setup.FormerVariables });
    }

    [Fact]
    public void A_setup_that_is_cut_short_is_none()
    {
        var bytes = Setup.ToBytes();

        Assert.All(Enumerable.Range(0, bytes.Length), length => Assert.Null(WorkerSetup.TryRead(bytes.AsSpan(0, length))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("help\n")]
    [InlineData("{\"pipe\":\"x\"}\n")]
    public void What_somebody_types_is_no_setup(string text) => Assert.Null(WorkerSetup.TryRead(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void The_setup_of_another_version_is_none()
    {
        var bytes = Setup.ToBytes();
        bytes[4]++;

        Assert.Null(WorkerSetup.TryRead(bytes));
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(1_000_000)]
    public void A_text_that_claims_more_than_there_is_makes_it_none(int claim)
    {
        var bytes = Setup.ToBytes();
        BitConverter.TryWriteBytes(bytes.AsSpan(6), claim);

        Assert.Null(WorkerSetup.TryRead(bytes));
    }
}
