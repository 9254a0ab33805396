namespace MlPerfEdu.Cli.Commands;

/// <summary>Which of the sidecars a file of build provenance names, and what it claims about them.</summary>
sealed record Origin(int Files, int Attested, IReadOnlyCollection<string> Claims, IReadOnlyList<VerifyFinding> Findings)
{
    public object Document => new { Files, Attested, Claims, BuildProvenance.NotChecked };

    public static Origin Of(string file, IReadOnlyList<string> sidecars)
    {
        var (provenance, findings) = BuildProvenance.Read(file);
        var differences = findings.Count > 0 ? [] : sidecars.Select(provenance.Check).OfType<EvidenceFinding>().ToList();
        var attested = findings.Count > 0 ? 0 : sidecars.Count - differences.Count;
        return new(sidecars.Count, attested, provenance.Claims, [.. findings.Concat(differences).Select(VerifyFinding.Of)]);
    }

    public void Draw(Screen screen)
    {
        screen.Line($"Provenance: {Attested} of {Files} files have a digest that it names.", Attested == Files ? Tone.Good : Tone.Bad);
        foreach (var claim in Claims)
            screen.Line($"It claims that they come from {claim}.");
        screen.Line(BuildProvenance.NotChecked, Tone.Warning);
    }
}
