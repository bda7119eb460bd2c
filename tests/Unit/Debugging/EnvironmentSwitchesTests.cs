using MultiProc.Diagnostics;

namespace MultiProc.Unit.Debugging;

public sealed class EnvironmentSwitchesTests
{
    private static readonly ProcessPoolOptions Own = new() { Processes = 3, StandbyWorkers = 1, Debugging = WorkerDebugging.WaitForDebugger(9) };

    [Theory]
    [InlineData("w2", false, false, true)]
    [InlineData("2", false, false, true)]
    [InlineData(" w0 , 2 ", true, false, true)]
    [InlineData("first", true, false, false)]
    [InlineData("all", true, true, true)]
    public void Workers_are_named_as_people_write_them(string text, bool first, bool second, bool third)
    {
        var debugging = Apply(("MULTIPROC_DEBUG", text)).Debugging;

        Assert.Equal((first, second, third), (debugging.Includes(0), debugging.Includes(1), debugging.Includes(2)));
    }

    [Theory]
    [InlineData("MULTIPROC_DEBUG", "w")]
    [InlineData("MULTIPROC_DEBUG", "2,x")]
    [InlineData("MULTIPROC_DEBUG", "-1")]
    [InlineData("MULTIPROC_INPROCESS", "yes")]
    public void What_makes_no_sense_is_told(string name, string value) =>
        Assert.Contains(name, Assert.Throws<ArgumentException>(() => Apply((name, value))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("MULTIPROC_DEBUG", "")]
    [InlineData("MULTIPROC_INPROCESS", "0")]
    public void What_is_off_changes_nothing(string name, string value) => Assert.Same(Own, Apply((name, value)));

    [Fact]
    public void In_one_process_there_are_no_workers() =>
        Assert.Equal(Own with { Processes = 0, StandbyWorkers = 0 }, Apply(("MULTIPROC_INPROCESS", "1"), ("MULTIPROC_DEBUG", "all")));

    private static ProcessPoolOptions Apply(params (string Name, string Value)[] variables) =>
        EnvironmentSwitches.Apply(Own, name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
