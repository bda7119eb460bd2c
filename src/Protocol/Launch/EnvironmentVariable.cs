namespace MultiProc.Protocol.Launch;

/// <summary>A variable of a process's environment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; null: the variable is not set.</param>
internal readonly record struct EnvironmentVariable(string Name, string? Value);
