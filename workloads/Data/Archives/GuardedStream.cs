namespace MlPerfEdu.Data;

/// <summary>A forward-only view of a decompressor that counts and limits what comes out and turns its failures into ours.</summary>
sealed class GuardedStream(Stream inner, string archive, long mostBytes, Func<long> packedBytes, int ratio) : Stream
{
    const long RatioSlack = 1 << 20;
    long _read;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            var read = inner.Read(buffer);
            _read += read;
            if (_read > mostBytes) throw ArchiveErrors.TooMuch(archive, $"more than {mostBytes:N0} bytes", $"{mostBytes:N0}");
            if (_read > RatioSlack + ratio * packedBytes())
                throw ArchiveErrors.TooMuch(archive, $"data packed more than {ratio} to 1", $"{ratio} to 1");
            return read;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw ArchiveErrors.Unreadable(archive, $"{e.Message} after {_read:N0} unpacked bytes", e);
        }
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => _read; set => throw new NotSupportedException(); }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Flush() { }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
