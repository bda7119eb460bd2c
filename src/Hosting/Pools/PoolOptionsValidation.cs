using Microsoft.Extensions.Options;

namespace MultiProc.Extensions.Hosting.Pools;

/// <summary>Bound options are checked as those of a pool that is started by hand.</summary>
internal sealed class PoolOptionsValidation : IValidateOptions<ProcessPoolOptions>
{
    public ValidateOptionsResult Validate(string? name, ProcessPoolOptions options)
    {
        try
        {
            options.Validate();
            return ValidateOptionsResult.Success;
        }
        catch (ArgumentException exception)
        {
            return ValidateOptionsResult.Fail($"The options of {(string.IsNullOrEmpty(name) ? "the default pool" : "pool " + name)}: {exception.Message}");
        }
    }
}
