[assembly: AssemblyFixture(typeof(CommandSession))]
