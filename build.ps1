# The same verbs as build.sh. Everything is built in Release.
$ErrorActionPreference = 'Stop'

$root = $PSScriptRoot
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_CLI_UI_LANGUAGE = 'en'
$suffix = if ($env:OS -eq 'Windows_NT') { '.exe' } else { '' }

function Show-Usage {
    @'
./build.ps1 run [-- ARGS]   build the command and the samples, and run multiproc with ARGS (without any: pi)
./build.ps1 test            build everything, and run all tests but those of the packages
./build.ps1 test packages   make the packages, and run their tests (some minutes)
./build.ps1 chaos [ARGS]    build and run the chaos program: --minutes M, --seed S, --processes N
./build.ps1 pack [ARGS]     make the packages, in artifacts; ARGS go to dotnet pack
./build.ps1 bench [ROW...]  measure the pool beside what else there is, and write docs/performance.md
./build.ps1 docs            make the documentation's site with the API reference, in artifacts/site
./build.ps1 format          format the sources
./build.ps1 lines           count the lines of the sources, by project and folder
./build.ps1 clean           remove what was built
'@
}

# Asked in the root, where global.json says which SDK will do.
function Assert-Sdk {
    $found = 'none'
    if (Get-Command dotnet -ErrorAction SilentlyContinue) {
        Push-Location $root
        try { dotnet --version *> $null } finally { Pop-Location }
        if ($LASTEXITCODE -eq 0) { return }
        Push-Location ([IO.Path]::GetTempPath())
        try { $found = dotnet --version } finally { Pop-Location }
    }
    [Console]::Error.WriteLine("build.ps1: this needs the .NET SDK 10.0.100 or a later 10.0; found: $found. Get it from https://dotnet.microsoft.com/download")
    exit 1
}

# Says nothing unless the build fails.
function Invoke-Build($what) {
    Push-Location $root
    try { $log = dotnet build $what --configuration Release --verbosity quiet } finally { Pop-Location }
    if ($LASTEXITCODE -ne 0) {
        $log | ForEach-Object { [Console]::Error.WriteLine($_) }
        exit 1
    }
}

# Of the rooms that decide and start: how many lines any test ran. What a worker ran that was killed is not known.
function Show-Coverage($reports) {
    $hits = @{}
    foreach ($class in Get-ChildItem $reports -Recurse -Filter '*.cobertura*.xml' | Select-Xml '//class' | ForEach-Object Node) {
        $room = if ($class.filename -match 'Scheduling[\\/]') { 'src/Pool/Scheduling' } else { 'src/Pool/Workers' }
        foreach ($line in $class.SelectNodes('lines/line')) {
            if (-not $hits.ContainsKey($room)) { $hits[$room] = @{} }
            $key = "$($class.filename):$($line.number)"
            $hits[$room][$key] = [int]$hits[$room][$key] + [int]($line.hits -gt 0)
        }
    }
    foreach ($room in $hits.Keys | Sort-Object) {
        $all = $hits[$room].Count
        $covered = @($hits[$room].Values | Where-Object { $_ -gt 0 }).Count
        '  {0,-20} {1,5} of {2,5} lines covered, {3,5:0.0} %' -f $room, $covered, $all, (100 * $covered / $all)
    }
}

# All test programs but that of the packages, which build a dozen projects; or only that.
function Invoke-Tests($only) {
    $passed = 0
    $failed = 0
    $reports = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
    $measured = '--results-directory', $reports, '--coverlet', '--coverlet-output-format', 'cobertura',
        '--coverlet-include', '[MultiProc]MultiProc.Scheduling.*', '--coverlet-include', '[MultiProc]MultiProc.Workers.*'
    foreach ($project in Get-ChildItem (Join-Path $root 'tests/*/*.csproj') | Where-Object { (Select-String -Quiet 'Include="xunit.v3"' $_) -and (($_.BaseName -eq 'MultiProc.Packages') -eq ($only -eq 'packages')) }) {
        $coverage = if (Select-String -Quiet 'Include="coverlet.MTP"' $project) { $measured } else { @() }
        & (Join-Path $project.DirectoryName "bin/Release/net10.0/$($project.BaseName)$suffix") --progress off --ansi off @coverage | Tee-Object -Variable log
        $status = $LASTEXITCODE
        $succeeding = [int](@($log -match '^  succeeded: \d+$') -replace '\D' | Select-Object -Last 1)
        $failing = [int](@($log -match '^  failed: \d+$') -replace '\D' | Select-Object -Last 1)

        # A program that broke off, or ran nothing, has no failed test to show for it.
        if ($status -ne 0 -and $failing -eq 0) { $failing = 1 }
        $passed += $succeeding
        $failed += $failing
    }
    if ($only -ne 'packages') { Show-Coverage $reports }
    Remove-Item -Recurse -Force -ErrorAction SilentlyContinue $reports
    "$passed passed, $failed failed"
    exit [int]($failed -gt 0 -or $passed -eq 0)
}

# How the packages are used: from a feed besides those that are configured. (--source of `dotnet add package` is one instead of them.)
function Show-Packages {
    $feed = Join-Path $root 'artifacts'
    Set-Content -Path (Join-Path $feed 'nuget.config') -Value @"
<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <packageSources>
    <add key="MultiProc" value="$([Security.SecurityElement]::Escape($feed))" />
  </packageSources>
</configuration>
"@
    [Console]::Error.WriteLine(@"
Made. To use them, copy $(Join-Path $feed 'nuget.config') beside a project, or into a folder above it; then any of

    dotnet add package MultiProc --prerelease
    dotnet add package MultiProc.Extensions.Hosting --prerelease
    dotnet add package MultiProc.Extensions.SpectreConsole --prerelease
    dotnet add package MultiProc.FSharp --prerelease
    dotnet tool install --global MultiProc.Tool --prerelease --add-source $feed
"@)
}

$verb = $args[0]
$rest = @($args | Select-Object -Skip 1)
switch ($verb) {
    'run' {
        if ($rest.Count -gt 0 -and $rest[0] -eq '--') { $rest = @($rest | Select-Object -Skip 1) }
        if ($rest.Count -eq 0) { $rest = @('pi') }
        Assert-Sdk
        if (-not (Test-Path (Join-Path $root "src/Host/bin/Release/net10.0/multiproc$suffix"))) { [Console]::Error.WriteLine('Building, the first time: about a minute.') }
        Invoke-Build 'samples/samples.slnf'
        & (Join-Path $root "src/Host/bin/Release/net10.0/multiproc$suffix") @rest
        exit $LASTEXITCODE
    }
    'test' {
        Assert-Sdk
        if ($rest.Count -gt 0 -and $rest[0] -ne 'packages') {
            [Console]::Error.WriteLine("build.ps1: there are no tests '$($rest[0])'; there are 'packages'.")
            exit 2
        }
        Invoke-Build $(if ($rest.Count -gt 0) { 'tests/Packages/MultiProc.Packages.csproj' } else { 'MultiProc.sln' })
        Invoke-Tests $rest[0]
    }
    'chaos' {
        Assert-Sdk
        Invoke-Build 'tests/Chaos/MultiProc.Chaos.csproj'
        & (Join-Path $root "tests/Chaos/bin/Release/net10.0/MultiProc.Chaos$suffix") @rest
        exit $LASTEXITCODE
    }
    'bench' {
        Assert-Sdk
        Invoke-Build 'tests/Benchmarks/MultiProc.Benchmarks.csproj'
        & (Join-Path $root "tests/Benchmarks/bin/Release/net10.0/MultiProc.Benchmarks$suffix") @rest
        exit $LASTEXITCODE
    }
    'pack' {
        Assert-Sdk
        [Console]::Error.WriteLine('Making the packages: about a minute.')

        # In a tree of its own: sources have other paths in packages, and what was built for tests stays as it is.
        Push-Location $root
        try {
            dotnet pack src/packages.slnf --configuration Release -p:PackageOutputPath=$root/artifacts --artifacts-path $root/artifacts/build --verbosity quiet `
                -p:ContinuousIntegrationBuild=true -p:DeterministicSourcePaths=true @rest
        } finally { Pop-Location }
        if ($LASTEXITCODE -eq 0) { Show-Packages }
        exit $LASTEXITCODE
    }
    'docs' {
        Assert-Sdk
        Invoke-Build 'src/packages.slnf'
        Push-Location $root
        try {
            dotnet tool restore | Out-Null
            dotnet docfx docs/docfx.json --logLevel suggestion @rest
        } finally { Pop-Location }
        exit $LASTEXITCODE
    }
    'format' {
        Assert-Sdk
        Push-Location $root
        try { $env:Configuration = 'Release'; dotnet format MultiProc.sln } finally { Pop-Location }
        exit $LASTEXITCODE
    }
    'lines' {
        Assert-Sdk
        dotnet run (Join-Path $root 'tools/lines.cs')
        exit $LASTEXITCODE
    }
    'clean' {
        Get-ChildItem -Directory (Join-Path $root 'src/*/*'), (Join-Path $root 'samples/*/*'), (Join-Path $root 'tests/*/*') |
            Where-Object Name -In 'bin', 'obj' | Remove-Item -Recurse -Force
        Remove-Item -Recurse -Force -ErrorAction SilentlyContinue (Join-Path $root 'artifacts')
    }
    { $_ -in 'help', '-h', '--help' } { Show-Usage }
    default {
        if ($verb) { [Console]::Error.WriteLine("build.ps1: there is no verb '$verb'.") }
        [Console]::Error.WriteLine((Show-Usage))
        exit 2
    }
}
