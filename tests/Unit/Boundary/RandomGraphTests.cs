using CsCheck;

namespace MultiProc.Unit.Boundary;

/// <summary>Random graphs: any value may stand in any member, and any object may be met again anywhere.</summary>
public sealed class RandomGraphTests
{
    [Fact]
    public void A_random_graph_arrives_with_the_same_types_values_and_shape() =>
        Gen.Int.Sample(seed => DeepEquality.Difference(RandomGraph.Of(seed), Crossing.Copy(RandomGraph.Of(seed))) is null, iter: 3_000);

    [Fact]
    public void A_copy_of_a_copy_has_the_same_bytes() => Gen.Int.Sample(
        seed =>
        {
            var bytes = Crossing.Encode<object?>(RandomGraph.Of(seed));
            return bytes.AsSpan().SequenceEqual(Crossing.Encode(Crossing.Decode<object?>(bytes)));
        },
        iter: 1_000);

    [Fact]
    public void Any_text_arrives() =>
        Gen.Char.Array[0, 40].Select(characters => new string(characters)).Sample(
            text => Crossing.Copy(text) == text && Crossing.Copy<object>(text).Equals(text));

    [Fact]
    public void Any_number_arrives() => Gen.Select(Gen.Long, Gen.Double, Gen.Decimal, Gen.DateTime, Gen.Guid, Gen.UInt).Sample(value =>
        Crossing.Copy(value).Equals(value) && Crossing.Copy<object>(value).Equals(value));
}
