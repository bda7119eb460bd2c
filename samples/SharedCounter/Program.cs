using MultiProc;
using SharedCounter;

const int Workers = 4;
const int Rounds = 40;
const int TimesPerRound = 1_000;

using var counterLock = new SharedLock();
using var total = new SharedValue<int>();
var options = new ProcessPoolOptions { Processes = Workers }.WithInitializer(Counter.Use, counterLock, total);
await using var pool = await ProcessPool.StartAsync(options);

int[] processes = await pool.MapAsync(Counter.CountUp, Enumerable.Repeat(TimesPerRound, Rounds), new MapOptions { ChunkSize = 1 });
Console.WriteLine($"With the lock, {processes.Distinct().Count()} processes counted to {total.Value:N0}; expected {Rounds * TimesPerRound:N0}.");

// Every worker reads before any writes, so all but one of the increments are lost: not now and then, but each time.
total.Value = 0;
using var haveRead = new SharedBarrier(Workers);
await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => pool.ApplyAsync(Counter.CountUpUnguarded, haveRead)));
Console.WriteLine($"Without it, {Workers} increments that overlap make {total.Value}; expected {Workers}.");

return total.Value == 1 && processes.Length == Rounds ? 0 : 1;
