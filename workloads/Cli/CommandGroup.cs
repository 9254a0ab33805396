using System.CommandLine;

namespace MlPerfEdu.Workloads.Cli;

/// <summary>A command that only holds others.</summary>
class CommandGroup : Command
{
    public CommandGroup(string name, string description, params IReadOnlyList<Command> commands)
        : base(name, description)
    {
        foreach (var command in commands)
            Add(command);
    }
}
