using MultiProc;

const int Terms = 10_000_000;
await using var pool = await ProcessPool.StartAsync(processes: 2);

var firstHalf = pool.RunAsync(() => Leibniz(0, Terms / 2));      // a lambda
var secondHalf = pool.ApplyAsync(Leibniz, Terms / 2, Terms);     // a method and its arguments
Console.WriteLine($"pi is about {4 * (await firstHalf + await secondHalf):F6}, by workers {pool.Workers[0].Name} and {pool.Workers[1].Name}");

static double Leibniz(int from, int to) => Enumerable.Range(from, to - from).Sum(k => (k % 2 == 0 ? 1.0 : -1.0) / (2 * k + 1));
