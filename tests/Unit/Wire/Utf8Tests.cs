using System.Text;
using CsCheck;
using MultiProc.Boundary;

namespace MultiProc.Unit.Wire;

public sealed class Utf8Tests
{
    [Fact]
    public void Any_text_is_encoded_as_the_framework_does_with_a_zero_behind_it() =>
        Gen.String.Sample(static text => Utf8Text.EncodeTerminated(text).SequenceEqual(Encoding.UTF8.GetBytes(text + '\0')));

    [Fact]
    public void Any_bytes_are_decoded_as_the_framework_does() =>
        Gen.Byte.Array.Sample(static bytes => Utf8Text.Decode(bytes) == Encoding.UTF8.GetString(bytes));

    [Theory]
    [InlineData("")]
    [InlineData("mp:w0")]
    [InlineData("/tmp/mp-ä b")]
    public void A_name_comes_back(string name) => Assert.Equal(name, Utf8Text.Decode(Utf8Text.EncodeTerminated(name).AsSpan()[..^1]));
}
