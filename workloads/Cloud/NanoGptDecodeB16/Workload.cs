using System.Diagnostics;
using MlPerfEdu.Engine.Inference;
using MlPerfEdu.Roofline;
using MlPerfEdu.Workloads.Cloud.Gpt;
using MlPerfEdu.Workloads.Cloud.NanoGpt;
using MlPerfEdu.Workloads.Cloud.NanoGptDecodeSpec;

namespace MlPerfEdu.Workloads.Cloud.NanoGptDecodeB16;

[Workload("nanogpt-decode-fp32-b16")]
public sealed class DecodeFp32Workload(InferenceSetup setup) : NanoGptDecodeB16Workload(setup, GptNumbers.Fp32);

[Workload("nanogpt-decode-fp16-b16")]
public sealed class DecodeFp16Workload(InferenceSetup setup) : NanoGptDecodeB16Workload(setup, GptNumbers.Fp16);

[Workload("nanogpt-decode-q8-b16")]
public sealed class DecodeQ8Workload(InferenceSetup setup) : NanoGptDecodeB16Workload(setup, GptNumbers.Q8);

/// <summary>
/// Sixteen answers go on together, after passages that were read before anything is timed; weights, keys and values are stored in one of three
/// formats. A query asks for the next few characters of all sixteen.
/// </summary>
public abstract class NanoGptDecodeB16Workload : GptInferenceWorkload, IByTheBook
{
    // Rows whose logits are computed again without a cache.
    const int RecomputedRows = 2;

    readonly InferenceSetup setup;
    readonly NanoGptModel model;
    readonly GptNumbers numbers;
    readonly int rows, steps;
    DecodingBatch? passages;

    protected NanoGptDecodeB16Workload(InferenceSetup setup, GptNumbers numbers) : base(setup)
    {
        (this.setup, this.numbers) = (setup, numbers);
        (rows, steps) = (Size("batch"), Size("steps"));
        model = new NanoGptModel(NanoGptGeometry.From(Entry.Geometry));
        model.eval();
    }

    protected override NanoGptModel Answering => model;

    public override int Batch => rows;

    int Size(string name) => Entry.Geometry.Int(name);

    DecodingBatch NewBatch(GptNumbers format, int count) => new(model, format, count, PromptLength + steps);

    public override IReadOnlyDictionary<string, double> Examine(IRunProgress progress, CancellationToken stop)
    {
        var text = setup.Trainer.Load<TextDataSet>().Train;
        GrownTarget.LoadOrMake(model, Trained, setup.Weights.Record.WeightsSha256, Entry, setup.Kept, text, progress, stop);
        passages = NewBatch(numbers, rows);
        for (var row = 0; row < rows; row++)
        {
            stop.ThrowIfCancellationRequested();
            if (row >= Samples)
            {
                passages.Copy(row, passages, row % Samples);
                continue;
            }
            progress.Report("reading", (double)row / Samples, $"passage {row + 1} of {Samples}");
            passages.Read(row, Prompt(row));
        }

        progress.Report("examining", 0, $"{rows} rows together, alone and without a cache");
        var together = passages.Generate(First(0), steps).ToList();
        passages.Truncate(PromptLength);
        var alone = RowsAsAlone(passages, together);
        var (error, choices) = Recompute(together);
        var answers = SameAnswers(progress, stop);
        var seconds = StepSeconds(passages);
        return new Dictionary<string, double>
        {
            ["cache_error"] = error,
            ["same_choices"] = choices,
            ["rows_as_alone"] = alone,
            ["same_answers"] = answers,
            ["cache_bytes_per_token"] = passages.BytesPerToken,
            ["weight_bytes"] = passages.WeightBytes,
            ["step_seconds"] = seconds,
            ["batch_tokens_per_second"] = rows / seconds,
            ["bytes_per_second"] = passages.BytesPerStep / seconds,
            ["speed_over_fp32"] = numbers == GptNumbers.Fp32 ? 1 : Fp32StepSeconds(passages) / seconds,
        };
    }

    int[] PassageOf(int row) => Prompt(row % Samples);

    // Each row goes on from another character of its passage, and from others in each query.
    int[] First(int sample) => [.. Enumerable.Range(0, rows).Select(row => PassageOf(row)[sample * rows + row])];

    // How many rows get, alone, the bits of all their logits that they have among others.
    int RowsAsAlone(DecodingBatch batch, List<DecodedStep> together)
    {
        using var alone = NewBatch(numbers, 1);
        return Enumerable.Range(0, rows).Count(row =>
        {
            alone.Truncate(0);
            alone.Copy(0, batch, row);
            return alone.Generate([First(0)[row]], steps).Zip(together).All(step => step.First.Logits[0].SequenceEqual(step.Second.Logits[row]));
        });
    }

    // The largest difference from the model's own logits, computed without a cache, and at how many positions both choose the same.
    (float Error, int Choices) Recompute(List<DecodedStep> together)
    {
        var (error, choices) = (0f, 0);
        for (var row = 0; row < RecomputedRows; row++)
        {
            int[] text = [.. PassageOf(row), First(0)[row], .. together.SkipLast(1).Select(step => step.Tokens[row])];
            foreach (var (step, expected) in together.Zip(Recomputed(model, text)[^steps..]))
            {
                error = MathF.Max(error, Logits.LargestDifference(step.Logits[row], expected));
                choices += step.Tokens[row] == Logits.Greedy(expected) ? 1 : 0;
            }
        }

        return (error, choices);
    }

    // Of shorter passages, how many go on as they do in fp32 and one at a time.
    int SameAnswers(IRunProgress progress, CancellationToken stop)
    {
        var (count, length, same) = (Size("examined_prompts"), Size("examined_length"), 0);
        using DecodingBatch single = new(model, GptNumbers.Fp32, 1, length + steps), many = new(model, numbers, rows, length + steps);
        for (var from = 0; from < count; from += rows)
        {
            stop.ThrowIfCancellationRequested();
            progress.Report("examining", (double)from / count, $"prompt {from + 1} of {count}, in fp32 and as they are stored");
            var expected = new List<int[]>();
            var first = new int[rows];
            for (var row = 0; row < rows; row++)
            {
                // Rows behind the last prompt repeat it.
                first[row] = single.Read(0, Passage(Math.Min(from + row, count - 1), count, length));
                many.Copy(row, single, 0);
                expected.Add([.. single.Generate([first[row]], steps).Select(step => step.Tokens[0])]);
            }

            var found = many.Generate(first, steps).ToList();
            same += expected.Take(count - from).Index().Count(answer => answer.Item.SequenceEqual(found.Select(step => step.Tokens[answer.Index])));
        }

        return same;
    }

    double Fp32StepSeconds(DecodingBatch batch)
    {
        using var fp32 = NewBatch(GptNumbers.Fp32, rows);
        for (var row = 0; row < rows; row++)
            fp32.Copy(row, batch, row);
        return StepSeconds(fp32);
    }

    // After two steps that nobody waits for.
    double StepSeconds(DecodingBatch batch)
    {
        const int warmUp = 2, repeats = 9;
        var seconds = new List<double>();
        for (var i = 0; i < warmUp + repeats; i++)
        {
            var start = Stopwatch.GetTimestamp();
            batch.Append(First(0));
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            batch.Truncate(PromptLength);
        }

        return Statistics.Median([.. seconds.Skip(warmUp)]);
    }

    public override void Answer(int sample, Action tokenReady)
    {
        var batch = passages ?? throw new InvalidOperationException("Nothing was read yet; examine the answers first.");
        batch.Truncate(PromptLength);
        foreach (var step in batch.Generate(First(sample), steps))
        {
            tokenReady();
            foreach (var token in step.Tokens)
                Remember(token);
        }

        batch.Truncate(PromptLength);
    }

    public override IReadOnlyList<Invariant> CheckInvariants()
    {
        using var batch = NewBatch(numbers, 1);
        return [.. base.CheckInvariants(),
            Declared("a token's keys and values take the declared bytes", batch.BytesPerToken, "cache_bytes_per_token"),
            Declared("the weights that a step reads take the declared bytes", batch.WeightBytes, "weight_bytes")];

        Invariant Declared(string what, long found, string size) => new(what, found == Size(size), $"{found}, {Size(size)} declared");
    }

    public override IRunningStep Prepare(int batch) => new Step(this, batch);

    // In fp32, whatever the format.
    public IBookStep PrepareByTheBook(int batch) => new BookDecode(model, HalfAnswered(), Prompt(0)[..1], batch);

    // A passage and as many tokens more as half an answer has.
    int[] HalfAnswered() => [.. Prompt(0), .. Prompt(0)[..(steps / 2)]];

    public override void Dispose()
    {
        passages?.Dispose();
        model.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A token for each answer, halfway through them.</summary>
    sealed class Step : IRunningStep
    {
        readonly DecodingBatch batch;
        readonly int[] tokens;
        readonly int filled;

        public Step(NanoGptDecodeB16Workload workload, int count)
        {
            batch = workload.NewBatch(workload.numbers, count);
            var text = workload.HalfAnswered();
            (filled, tokens) = (text.Length, [.. Enumerable.Range(0, count).Select(row => workload.PassageOf(row)[row])]);
            batch.Read(0, text);
            for (var row = 1; row < count; row++)
                batch.Copy(row, batch, 0);
            Count = GptCount.Decode(workload.model, count, 1, filled, workload.numbers);
        }

        public StepCount Count { get; }

        public string Unrecorded => "not recorded: the step runs without libtorch";

        void IRunningStep.Step()
        {
            batch.Append(tokens);
            batch.Truncate(filled);
        }

        public void Dispose() => batch.Dispose();
    }
}
