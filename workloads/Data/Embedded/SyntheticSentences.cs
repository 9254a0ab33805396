namespace MlPerfEdu.Data;

/// <summary>Text of a <see cref="CharacterGrammar"/>, in the shape of Tiny Shakespeare.</summary>
public static class SyntheticSentences
{
    public static TextDataSet Generate(GeneratorSettings settings)
    {
        var grammar = new CharacterGrammar(settings.Seed);
        return new(Split(0, settings.Train), Split(1, settings.Test), settings.Provenance());

        byte[] Split(int split, int characters) => grammar.Write(characters, Xoshiro.ForSample(settings.Seed, split, 0));
    }
}
