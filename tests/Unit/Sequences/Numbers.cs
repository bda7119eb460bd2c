using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace MultiProc.Unit.Sequences;

/// <summary>A source of numbers that remembers how it was read.</summary>
internal sealed class Numbers
{
    private readonly Channel<int> _late = Channel.CreateUnbounded<int>();
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Read { get; private set; }

    public bool IsDisposed => Disposed.IsCompleted;

    public Task Disposed => _disposed.Task;

    public void Bring(int number) => _late.Writer.TryWrite(number);

    public void End() => _late.Writer.Complete();

    /// <summary>0, 1, 2 and so on, without end.</summary>
    public IEnumerable<int> Endless()
    {
        try
        {
            while (true)
            {
                yield return Read++;
            }
        }
        finally
        {
            _disposed.TrySetResult();
        }
    }

    /// <summary>So many numbers, and then an error.</summary>
    public static IEnumerable<int> Failing(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return i;
        }

        throw new InvalidDataException("the source failed");
    }

    /// <summary>What <see cref="Bring"/> brings, when it does.</summary>
    public IAsyncEnumerable<int> Late() => BringAsync(CancellationToken.None);

    /// <summary>As <see cref="Late"/>, but deaf to its token.</summary>
    public async IAsyncEnumerable<int> LateAndDeaf()
    {
        await foreach (var number in Late())
        {
            yield return number;
        }
    }

    private async IAsyncEnumerable<int> BringAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var number in _late.Reader.ReadAllAsync(cancellationToken))
            {
                Read++;
                yield return number;
            }
        }
        finally
        {
            _disposed.TrySetResult();
        }
    }
}
