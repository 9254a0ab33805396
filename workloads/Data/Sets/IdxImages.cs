namespace MlPerfEdu.Data;

/// <summary>Joins an idx file of images with the idx file of their labels.</summary>
static class IdxImages
{
    public static LabelledImages Load(string imagesPath, string labelsPath, int height, int width, int classes)
    {
        var images = IdxFile.Read(imagesPath);
        var labels = IdxFile.Read(labelsPath);
        var (imagesName, labelsName) = (Path.GetFileName(imagesPath), Path.GetFileName(labelsPath));

        if (images.Dimensions is not [var count, var h, var w] || h != height || w != width)
            throw FormatErrors.WrongShape(imagesName, $"dimensions {Shape(images)}", $"n×{height}×{width}");
        if (labels.Dimensions is not [var labelCount])
            throw FormatErrors.WrongShape(labelsName, $"dimensions {Shape(labels)}", "one: a label per image");
        if (count != labelCount) throw FormatErrors.CountsDiffer(imagesName, count, labelsName, labelCount);

        var outside = labels.Values.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1));
        if (outside >= 0) throw FormatErrors.LabelOutOfRange(labelsName, outside, labels.Values[outside], classes);
        return new(images.Values, labels.Values, 1, height, width);
    }

    static string Shape(IdxFile file) => string.Join('×', file.Dimensions);
}
