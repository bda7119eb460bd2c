using System.Collections;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text;

namespace MultiProc.Unit.Boundary;

/// <summary>Values without identity, one kind as likely as another, extremes among them.</summary>
internal sealed class RandomValue
{
    private readonly Random _random;
    private readonly Func<object?>[] _kinds;

    public RandomValue(Random random)
    {
        _random = random;
        _kinds = [.. Numbers(), .. Times(), .. Texts()];
    }

    public object? Next() => _kinds[_random.Next(_kinds.Length)]();

    /// <summary>Any UTF-16, also what is no valid text.</summary>
    public string Text() => string.Create(_random.Next(12), _random, static (text, random) =>
    {
        foreach (ref var character in text)
        {
            character = random.Next(4) == 0 ? (char)random.Next(0xD7F0, 0xE010) : (char)random.Next(0x250);
        }
    });

    private Func<object?>[] Numbers() =>
    [
        () => null,
        () => _random.Next(2) == 0,
        () => (byte)_random.Next(),
        () => (short)_random.Next(),
        () => _random.Next() * (_random.Next(3) - 1),
        () => _random.NextInt64() - long.MaxValue,
        () => (ulong)_random.NextInt64() * 2,
        () => BitConverter.Int32BitsToSingle(_random.Next()),
        () => BitConverter.Int64BitsToDouble(_random.NextInt64()),
        () => new decimal(_random.Next(), _random.Next(), _random.Next(), _random.Next(2) == 0, (byte)_random.Next(29)),
        () => (Half)_random.NextDouble(),
        () => new Int128((ulong)_random.NextInt64(), 3),
        () => UInt128.MaxValue - (UInt128)_random.Next(),
        () => BigInteger.Pow(_random.Next(), _random.Next(20)) * -1,
        () => new Complex(_random.NextDouble(), double.NaN),
        () => (DayOfWeek)_random.Next(10),
        () => (char)_random.Next(),
        () => new Vector3(_random.Next(), 1, -0f),
    ];

    private Func<object?>[] Times() =>
    [
        () => new DateTime(_random.NextInt64(DateTime.MaxValue.Ticks), (DateTimeKind)_random.Next(3)),
        () => new DateTimeOffset(DateTime.UnixEpoch.Ticks, TimeSpan.FromMinutes(_random.Next(-839, 840))),
        () => DateOnly.FromDayNumber(_random.Next(DateOnly.MaxValue.DayNumber)),
        () => new TimeOnly(_random.NextInt64(TimeOnly.MaxValue.Ticks)),
        () => TimeSpan.FromTicks(_random.NextInt64() - long.MaxValue),
        () => TimeZoneInfo.Utc,
    ];

    private Func<object?>[] Texts() =>
    [
        () => Text(),
        () => new Guid(_random.Next(), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
        () => new Uri($"http://host/{_random.Next()}?q=%20"),
        () => new Version(_random.Next(), 1, _random.Next()),
        () => new Index(_random.Next(), fromEnd: true),
        () => _random.Next(5)..^_random.Next(5),
        () => new Rune(_random.Next(0xD800)),
        () => typeof(Dictionary<string, List<int[]>>),
        () => typeof(string).GetMethod(nameof(string.Trim), []),
        () => CultureInfo.GetCultureInfo("de-DE"),
        () => Encoding.BigEndianUnicode,
        () => new IPEndPoint(_random.Next(), _random.Next(65_536)),
        () => new BitArray([_random.Next()]),
        () => Enumerable.Range(0, _random.Next(20)).Select(_ => _random.Next()).ToArray(),
        () => Enumerable.Range(0, _random.Next(20)).Select(_ => Text()).ToList(),
    ];
}
