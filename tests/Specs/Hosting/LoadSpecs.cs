using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;

namespace MultiProc.Specs.Hosting;

/// <summary>The sample service while its workers are killed, crash and hang.</summary>
public sealed class LoadSpecs : PoolSpec
{
    private const int Clients = 6;
    private const int RequestsPerClient = 150;
    private const int Kills = 8;

    [Spec]
    public async Task Under_load_only_requests_that_were_in_a_killed_worker_fail()
    {
        using var service = await ServiceProcess.StartAsync();
        var victims = new ConcurrentBag<int>();
        var answers = new ConcurrentBag<(HttpStatusCode Status, Answer? Answer)>();

        var load = Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            for (var request = 0; request < RequestsPerClient; request++)
            {
                using var response = await service.Client.GetAsync("measure/abc");
                answers.Add((response.StatusCode, await response.Content.ReadFromJsonAsync<Answer>()));
            }
        })));

        // By progress, not by time: a kill each time that so many more requests have been answered.
        for (var kill = 1; kill <= Kills; kill++)
        {
            await Eventually.TrueAsync(() => answers.Count >= kill * Clients * RequestsPerClient / (Kills + 2));
            int worker;
            while ((worker = (await service.WorkersAsync()).FirstOrDefault(worker => !victims.Contains(worker))) == 0)
            {
                // All that it has are dead, and about to be replaced.
            }

            victims.Add(worker);
            Posix.Signal(worker, Posix.Kill);
        }

        await load;

        Assert.Equal(Clients * RequestsPerClient, answers.Count);
        var failed = answers.Where(static answer => answer.Status != HttpStatusCode.OK).ToArray();
        Assert.All(failed, failure => Assert.Equal((HttpStatusCode.BadGateway, true), (failure.Status, victims.Contains(failure.Answer!.Worker))));
        Assert.True(failed.Length <= Kills, $"{failed.Length} requests failed, but {Kills} workers were killed, with one request each at most.");
        Assert.All(answers.Except(failed), static answer => Assert.Equal(3, answer.Answer!.Bytes));
        Assert.Equal(0, await service.StopAsync());
    }

    [Spec]
    public async Task A_crash_and_an_endless_native_call_cost_their_own_request_only()
    {
        using var service = await ServiceProcess.StartAsync();

        var crash = service.Client.GetAsync("measure/crash");
        var hang = service.Client.GetAsync("measure/hang");
        var others = Enumerable.Range(0, 20).Select(_ => service.Client.GetFromJsonAsync<Answer>("measure/abcd")).ToArray();

        Assert.Equal((HttpStatusCode.BadGateway, HttpStatusCode.GatewayTimeout), ((await crash).StatusCode, (await hang).StatusCode));
        Assert.All(await Task.WhenAll(others), static answer => Assert.Equal(4, answer!.Bytes));
        await Eventually.TrueAsync(() => service.Client.GetStringAsync("health").GetAwaiter().GetResult() == "Healthy");
        Assert.Equal(0, await service.StopAsync());
    }

    private sealed record Answer(long Bytes, int Worker);
}
