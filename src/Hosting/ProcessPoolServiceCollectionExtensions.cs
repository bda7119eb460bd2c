using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MultiProc;
using MultiProc.Extensions.Hosting.Pools;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Pools as services.</summary>
public static class ProcessPoolServiceCollectionExtensions
{
    /// <summary>
    /// Adds the default pool, as <see cref="ProcessPool"/> and <see cref="IProcessPool"/>. It is started before the host's services, and drained after they have
    /// stopped: no call is lost unless the host's shutdown limit (30 seconds by default) is over before it has ended. Whoever asks for the pool before that
    /// starts it, and waits.
    /// </summary>
    /// <param name="services">Where to add it.</param>
    /// <param name="configuration">Bound to <see cref="ProcessPoolOptions"/>, key by key; a key that means nothing is refused. Null: the defaults.</param>
    /// <param name="configure">Changes the bound options, for what configuration cannot say, such as an initializer. Null: nothing.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="InvalidOperationException">There is a default pool already.</exception>
    public static IServiceCollection AddProcessPool(
        this IServiceCollection services, IConfiguration? configuration = null, Func<ProcessPoolOptions, IServiceProvider, ProcessPoolOptions>? configure = null)
    {
        Add(services, Options.Options.DefaultName, configuration, configure);
        services.TryAddSingleton(static provider => provider.GetRequiredKeyedService<ProcessPool>(Options.Options.DefaultName));
        services.TryAddSingleton<IProcessPool>(static provider => provider.GetRequiredKeyedService<ProcessPool>(Options.Options.DefaultName));
        return services;
    }

    /// <summary>Adds a pool by name, as a keyed service: <c>[FromKeyedServices("imaging")] ProcessPool pool</c>. Its options' name, where they give none, is its key if that can be one. Otherwise as the default pool.</summary>
    /// <param name="services">Where to add it.</param>
    /// <param name="name">Its key. Not empty.</param>
    /// <param name="configuration">Bound to <see cref="ProcessPoolOptions"/>, key by key; a key that means nothing is refused. Null: the defaults.</param>
    /// <param name="configure">Changes the bound options, for what configuration cannot say, such as an initializer. Null: nothing.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    /// <exception cref="InvalidOperationException">There is a pool of that name already.</exception>
    public static IServiceCollection AddProcessPool(
        this IServiceCollection services, string name, IConfiguration? configuration = null,
        Func<ProcessPoolOptions, IServiceProvider, ProcessPoolOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Add(services, name, configuration, configure);
        return services;
    }

    private static void Add(
        IServiceCollection services, string name, IConfiguration? configuration, Func<ProcessPoolOptions, IServiceProvider, ProcessPoolOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ServiceType == typeof(PoolStart) && Equals(service.ServiceKey, name)))
        {
            throw new InvalidOperationException(name.Length == 0 ? "The default pool has been added already." : $"A pool named {name} has been added already.");
        }

        var options = services.AddOptions<ProcessPoolOptions>(name).ValidateOnStart();
        if (configuration is not null)
        {
            options.Bind(configuration, static binder => binder.ErrorOnUnknownConfiguration = true);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ProcessPoolOptions>, PoolOptionsValidation>());
        services.AddKeyedSingleton(name, (provider, _) => new PoolStart(name, provider, configure));
        services.AddKeyedSingleton(name, static (provider, key) => provider.GetRequiredKeyedService<PoolStart>(key).Task.GetAwaiter().GetResult());
        services.AddKeyedSingleton<IProcessPool>(name, static (provider, key) => provider.GetRequiredKeyedService<ProcessPool>(key));
        services.AddSingleton<IHostedService>(provider => new PoolLifetime(provider.GetRequiredKeyedService<PoolStart>(name)));
    }
}
