using MlPerfEdu.Serving.Numerics;

namespace MlPerfEdu.Serving.Perplexity;

/// <summary>A step whose recent perplexity was too far above the baseline.</summary>
public readonly record struct Degradation(long Step, double Recent, double Bound);

/// <summary>
/// Perplexity of what a served model says, over all tokens and over the last steps, and an alert when the latter rises too far above a
/// baseline. The window's mean is kept up with every step, so that it is there for the asking.
/// </summary>
public sealed class PerplexityTracker
{
    const int MostAlerts = 1024;

    readonly int _vocabulary;
    // ln of the perplexity of each of the last steps.
    readonly double[] _window;
    readonly Queue<Degradation> _alerts = new(MostAlerts);
    int _filled;
    int _at;
    double _windowSum;
    double _loss;

    /// <param name="ratio">How far above the baseline is too far.</param>
    public PerplexityTracker(int vocabulary, int window, double baseline, double ratio)
    {
        _vocabulary = Guard.Positive(vocabulary, "vocabulary");
        _window = new double[Guard.Positive(window, "steps of the window")];
        if (!(baseline >= 1 && double.IsFinite(baseline)))
            throw ServingErrors.OutOfRange("a baseline of", baseline, "1 or more");
        if (!(ratio > 1 && double.IsFinite(ratio)))
            throw ServingErrors.OutOfRange("a ratio of", ratio, "above 1");
        Bound = baseline * ratio;
    }

    public double Bound { get; }

    public long Steps { get; private set; }

    public long Tokens { get; private set; }

    /// <summary>Of all tokens since the start; not a number without any.</summary>
    public double Perplexity => Tokens == 0 ? double.NaN : Math.Exp(_loss / Tokens);

    /// <summary>Geometric mean over the window; not a number when it is empty.</summary>
    public double Recent => _filled == 0 ? double.NaN : Math.Exp(_windowSum / _filled);

    public bool IsDegraded => Recent > Bound;

    /// <summary>The latest ones, the oldest first.</summary>
    public IReadOnlyCollection<Degradation> Alerts => _alerts;

    /// <param name="logits">(tokens, vocabulary)</param>
    /// <param name="targets">(tokens): what was said, or should have been.</param>
    /// <returns>The perplexity of this step.</returns>
    public double Record(ReadOnlySpan<float> logits, ReadOnlySpan<int> targets)
    {
        Guard.NotEmpty(targets.Length, "tokens");
        Guard.Length(logits.Length, targets.Length * _vocabulary, "logits");
        foreach (var target in targets)
        {
            if ((uint)target >= (uint)_vocabulary)
                throw ServingErrors.UnknownId("token", target, $"0 to {_vocabulary - 1}");
        }
        var loss = 0.0;
        for (var token = 0; token < targets.Length; token++)
            loss += Loss(logits.Slice(token * _vocabulary, _vocabulary), targets[token]);
        // One logit that is not finite makes its loss so, and with it the sum.
        if (!double.IsFinite(loss))
            Guard.Finite(logits, "logits");
        Tokens += targets.Length;
        Steps++;
        _loss += loss;
        Push(loss / targets.Length);
        if (IsDegraded)
            Alert();
        return Math.Exp(loss / targets.Length);
    }

    /// <summary>Forgets what was recorded; the baseline stays.</summary>
    public void Reset()
    {
        (_filled, _at, _windowSum, _loss, Tokens, Steps) = (0, 0, 0, 0, 0, 0);
        _alerts.Clear();
    }

    // −ln softmax(logits)[target]
    static double Loss(ReadOnlySpan<float> logits, int target)
    {
        var max = Simd.FiniteMax(logits);
        return max - (double)logits[target] + Math.Log(Simd.SumOfExp(logits, max));
    }

    /// <summary>The loss of one token by the formula and in double; the oracle.</summary>
    public static double PlainLoss(ReadOnlySpan<float> logits, int target)
    {
        double max = float.NegativeInfinity, sum = 0;
        foreach (var logit in logits)
            max = Math.Max(max, logit);
        foreach (var logit in logits)
            sum += Math.Exp(logit - max);
        return max + Math.Log(sum) - logits[target];
    }

    void Push(double loss)
    {
        if (_filled < _window.Length)
            _filled++;
        else
            _windowSum -= _window[_at];
        _window[_at] = loss;
        _windowSum += loss;
        if (++_at < _window.Length)
            return;
        _at = 0;
        // Adding and subtracting without end collects rounding: once round, the sum starts anew.
        _windowSum = 0;
        foreach (var one in _window)
            _windowSum += one;
    }

    void Alert()
    {
        if (_alerts.Count == MostAlerts)
            _alerts.Dequeue();
        _alerts.Enqueue(new(Steps, Recent, Bound));
    }
}
