use std::collections::VecDeque;

use http::header::{CONTENT_ENCODING, HeaderValue};

use super::super::decode;
use super::*;

/// `data: a`, `data: b`, then both in one block, each flushed; and the end. By zlib.
#[cfg(feature = "gzip")]
const GZIP: [&[u8]; 4] = [
    b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x4a\x49\x2c\x49\xb4\x52\x48\xe4\xe2\x02\0\0\0\xff\xff",
    b"\x4a\x01\x33\x92\xb8\xb8\0\0\0\0\xff\xff",
    b"\x4a\x81\x8a\xc0\x05\0\0\0\0\xff\xff",
    b"\x03\0\x6a\xe1\xdc\xf5\x23\0\0\0",
];
/// The same by brotli.
#[cfg(feature = "br")]
const BR: [&[u8]; 4] = [
    b"\x0b\x04\x80\x64\x61\x74\x61\x3a\x20\x61\x0a\x0a",
    b"\x40\0\x80\x5f\x4a\x41\xac\x08\xd1\x24\x18\x30",
    b"\x80\0\x80\x5f\x02\x20\x05\x10\xe4\x90\x22\x20\x04\x9d\x01",
    b"\x03",
];
const PLAIN: [&str; 3] = ["data: a\n\n", "data: b\n\n", "data: a\ndata: b\n\n"];

/// Every coding with its chunks.
fn codings() -> Vec<(&'static str, [&'static [u8]; 4])> {
    vec![
        #[cfg(feature = "gzip")]
        ("gzip", GZIP),
        #[cfg(feature = "br")]
        ("br", BR),
    ]
}

struct Chunks(VecDeque<Bytes>);

impl http_body::Body for Chunks {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        Poll::Ready(self.0.pop_front().map(|chunk| Ok(Frame::data(chunk))))
    }
}

fn body(
    name: &'static str,
    chunks: impl IntoIterator<Item = Bytes>,
    max_expansion: Option<u32>,
) -> Body {
    let chunks = Chunks(chunks.into_iter().collect());
    let mut response = http::Response::new(Body::new(chunks));
    let name = HeaderValue::from_static(name);
    response.headers_mut().insert(CONTENT_ENCODING, name);
    decode(response, max_expansion).into_body()
}

/// The text, and the error at its end if there is one.
async fn read(mut body: Body) -> (String, Option<TransportError>) {
    let mut text = Vec::new();
    loop {
        match body.next_chunk().await {
            Some(Ok(chunk)) => text.extend_from_slice(&chunk),
            Some(Err(error)) => return (String::from_utf8(text).unwrap(), Some(error)),
            None => return (String::from_utf8(text).unwrap(), None),
        }
    }
}

async fn read_bytes(name: &'static str, bytes: &[u8]) -> (String, Option<TransportError>) {
    let bytes = Bytes::copy_from_slice(bytes);
    read(body(name, [bytes], None)).await
}

#[tokio::test]
async fn what_is_flushed_is_there_before_the_next_chunk_is_read() {
    for (name, chunks) in codings() {
        let mut body = body(name, chunks.map(Bytes::from_static), None);
        for plain in PLAIN {
            let chunk = body.next_chunk().await.unwrap().unwrap();
            assert_eq!(chunk, plain, "{name}");
        }
        assert!(body.next_chunk().await.is_none(), "{name}");
    }
}

#[tokio::test]
async fn every_split_decodes_to_the_same() {
    for (name, chunks) in codings() {
        let whole = chunks.concat();
        for size in 1..whole.len() {
            let pieces = whole.chunks(size).map(Bytes::copy_from_slice);
            let (text, error) = read(body(name, pieces, None)).await;
            assert_eq!(
                (text, error.is_none()),
                (PLAIN.concat(), true),
                "{name} {size}"
            );
        }
    }
}

#[tokio::test]
async fn a_body_cut_short_is_an_error() {
    for (name, chunks) in codings() {
        let whole = chunks.concat();
        for length in 1..whole.len() {
            let (text, error) = read_bytes(name, &whole[..length]).await;
            assert!(PLAIN.concat().starts_with(&text));
            let error = error.unwrap();
            assert_eq!(error.kind(), TransportErrorKind::Body, "{name} {length}");
            let expected = format!("{name}: the body ended in the middle of the compressed data");
            assert!(error.to_string().contains(&expected), "{error}");
        }
        let (text, error) = read_bytes(name, b"").await;
        assert_eq!(
            (text.as_str(), error.is_none()),
            ("", true),
            "an empty body is one"
        );
    }
}

#[tokio::test]
async fn a_body_that_is_not_what_it_says_is_an_error_by_name() {
    for (name, _) in codings() {
        let (text, error) = read_bytes(name, b"data: a\n\ndata: not compressed at all\n\n").await;
        let error = error.unwrap();
        assert_eq!(error.kind(), TransportErrorKind::ContentCoding);
        assert_eq!(text, "");
        assert!(error.to_string().contains(name), "{error}");
        assert!(!error.kind().is_permanent());
    }
}

/// 64 MiB of what compresses best.
fn bomb(name: &str) -> Vec<u8> {
    match name {
        #[cfg(feature = "gzip")]
        "gzip" => {
            use std::io::Write;
            let level = flate2::Compression::best();
            let mut bomb = flate2::write::GzEncoder::new(Vec::new(), level);
            bomb.write_all(&vec![b'\n'; 64 << 20]).unwrap();
            bomb.finish().unwrap()
        }
        // 3 MiB of `:`, line end, line end.
        _ => b"\x9b\xff\xff\x2f\xf8\xa5\x14\x74\xe2\xb3\x20\xe0\xf6\xfe\x25".to_vec(),
    }
}

#[tokio::test]
async fn expansion_is_bounded() {
    for (name, _) in codings() {
        let bomb = bomb(name);
        let chunk = Bytes::from(bomb.clone());
        let (text, error) = read(body(name, [chunk.clone()], Some(10))).await;
        let error = error.unwrap();
        assert_eq!(error.kind(), TransportErrorKind::Expansion, "{name}");
        let allowed = bomb.len() * 10 + usize::try_from(FREE).unwrap();
        assert!(text.len() <= allowed, "{name}");
        assert!(
            error.to_string().contains("more than 10 times its size"),
            "{error}"
        );
        assert!(error.kind().is_permanent());
        let (text, error) = read(body(name, [chunk.clone()], Some(1_000_000))).await;
        assert!(error.is_none() && text.len() >= 3 << 20);
        let (_, error) = read(body(name, [chunk], None)).await;
        assert_eq!(
            error.unwrap().kind(),
            TransportErrorKind::Expansion,
            "{name}"
        );
    }
}

#[cfg(feature = "gzip")]
#[tokio::test]
async fn headers_of_members_are_skipped_and_their_check_sums_count() {
    let data = &GZIP.concat()[10..];
    let heads: [&[u8]; 4] = [
        b"\x1f\x8b\x08\x08\0\0\0\0\0\x03name\0",
        b"\x1f\x8b\x08\x04\0\0\0\0\0\x03\x02\0xy",
        b"\x1f\x8b\x08\x04\0\0\0\0\0\x03\0\0",
        b"\x1f\x8b\x08\x1e\0\0\0\0\0\x03\x01\0xname\0comment\0cs",
    ];
    for head in heads {
        let (text, error) = read_bytes("gzip", &[head, data].concat()).await;
        assert_eq!((text, error.is_none()), (PLAIN.concat(), true), "{head:?}");
    }
    let mut wrong = GZIP.concat();
    let sum = wrong.len() - 8;
    wrong[sum] ^= 1;
    let (_, error) = read_bytes("gzip", &wrong).await;
    assert!(error.unwrap().to_string().contains("check sum"));
    let unknown = b"\x1f\x8b\x08\x20\0\0\0\0\0\x03";
    let (_, error) = read_bytes("gzip", unknown).await;
    assert_eq!(error.unwrap().kind(), TransportErrorKind::ContentCoding);
}

#[cfg(feature = "gzip")]
#[tokio::test]
async fn several_members_are_one_body_and_what_follows_is_ignored() {
    let member = GZIP.concat();
    let twice = [&member[..], &member].concat();
    let (text, error) = read_bytes("gzip", &twice).await;
    assert_eq!((text, error.is_none()), (PLAIN.concat().repeat(2), true));
    let padded = [&member[..], b"\0\0padding"].concat();
    let (text, error) = read_bytes("gzip", &padded).await;
    assert_eq!((text, error.is_none()), (PLAIN.concat(), true));
}

/// Twice compressed, 64 MiB are some 300 bytes.
#[cfg(feature = "gzip")]
#[tokio::test]
async fn codings_on_top_of_one_another_expand_no_more_than_one() {
    use std::io::Write;
    let mut outer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    outer.write_all(&bomb("gzip")).unwrap();
    let bomb = Bytes::from(outer.finish().unwrap());
    let allowed = bomb.len() * 500 + usize::try_from(FREE).unwrap();
    let (text, error) = read(body("gzip, gzip", [bomb], None)).await;
    assert_eq!(error.unwrap().kind(), TransportErrorKind::Expansion);
    assert!(text.len() <= allowed, "{}", text.len());
}

#[cfg(all(feature = "gzip", feature = "br"))]
#[tokio::test]
async fn codings_on_top_of_one_another_are_undone_in_turn() {
    use std::io::Write;
    let mut outer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    outer.write_all(&BR.concat()).unwrap();
    let (text, error) = read_bytes("br, gzip", &outer.finish().unwrap()).await;
    assert_eq!((text, error.is_none()), (PLAIN.concat(), true));
}
