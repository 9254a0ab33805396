namespace MlPerfEdu.Data;

/// <summary>
/// Sine and cosine of an angle in turns, from additions and multiplications only: IEEE 754 fixes those to the last bit,
/// while the sine of each machine's maths library rounds in its own way.
/// </summary>
static class Turns
{
    public static double Cos(double turns) => Sin(turns + 0.25);

    public static double Sin(double turns)
    {
        // Fold into [-1/4, 1/4] turn, where the series below is good to 1e-9.
        var t = turns - Math.Floor(turns + 0.5);
        if (t > 0.25) t = 0.5 - t;
        else if (t < -0.25) t = -0.5 - t;

        var x = t * (2 * Math.PI);
        var y = x * x;
        return x * (1 + y * (-1.0 / 6 + y * (1.0 / 120 + y * (-1.0 / 5040 + y * (1.0 / 362880 + y * (-1.0 / 39916800 + y / 6227020800))))));
    }
}
