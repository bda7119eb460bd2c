using System.Text.Json;
using MultiProc.Json;
using MultiProc.Protocol.Control;

namespace MultiProc.Unit.Wire;

/// <summary>What goes over a control pipe, without reflection.</summary>
public sealed class ControlJsonTests
{
    [Fact]
    public void A_description_comes_back_as_it_was()
    {
        var info = new PoolInfo
        {
            Name = "n",
            Address = "1-1-abc",
            ProcessId = 5,
            Started = DateTimeOffset.UnixEpoch,
            IsServed = true,
            Workers = [new WorkerInfo { Slot = 1, Name = "w1", State = WorkerState.WaitingForDebugger, CurrentCallElapsed = TimeSpan.FromSeconds(1.5) }],
            Statistics = new PoolStatistics { Queued = 7 },
            Events = [new PoolEvent(DateTimeOffset.UnixEpoch, "began")],
        };

        var json = info.ToJson();
        var back = JsonSerializer.Deserialize<PoolInfo>(json, ControlJson.Values)!;

        Assert.Contains("\"state\":\"waitingForDebugger\",", json, StringComparison.Ordinal);
        Assert.Contains("\"currentCallElapsed\":1.5,", json, StringComparison.Ordinal);
        Assert.Equal(json, back.ToJson());
        Assert.Equal(info.Workers, back.Workers);
    }

    [Fact]
    public void What_another_version_leaves_out_keeps_its_default_and_what_it_adds_is_ignored()
    {
        var info = JsonSerializer.Deserialize<PoolInfo>("""{"processId":5,"isNew":true,"workers":[{"slot":1}]}""", ControlJson.Values)!;
        var detail = JsonSerializer.Deserialize<FailureDetail>("""{"exitCode":3}""", ControlJson.Values)!;

        Assert.Equal((5, "", 0), (info.ProcessId, info.Name, info.Events.Count));
        Assert.Equal(new PoolStatistics(), info.Statistics);
        Assert.Equal("", Assert.Single(info.Workers).Name);
        Assert.Equal(new FailureDetail { ExitCode = 3 }, detail);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"functions":null}""")]
    public void A_list_of_functions_without_functions_is_refused(string answer) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<FunctionList>(answer, ControlJson.Values));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"function":null}""")]
    public void A_call_without_a_function_is_refused(string parameters) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<CallParameters>(parameters, ControlJson.Values));
}
