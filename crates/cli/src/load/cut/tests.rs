use super::*;

/// Answers with these chunks, and does not end.
struct Chunks(&'static [&'static str]);

impl Transport for Chunks {
    fn send(
        &self,
        _request: Request<Body>,
    ) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        let body = Pieces(self.0.to_vec());
        Box::pin(std::future::ready(Ok(Response::new(Body::new(body)))))
    }
}

struct Pieces(Vec<&'static str>);

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        if self.0.is_empty() {
            return Poll::Pending;
        }
        let next = Bytes::from_static(self.0.remove(0).as_bytes());
        Poll::Ready(Some(Ok(Frame::data(next))))
    }
}

#[tokio::test]
async fn a_body_breaks_once_within_the_next_bytes() {
    let mut lengths = std::collections::BTreeSet::new();
    for _ in 0..200 {
        let blade = Arc::new(Blade::default());
        let cutting = Cutting::new(
            Arc::new(Chunks(&["abc", "defg", "hij"])),
            Arc::clone(&blade),
        );
        let response = cutting.send(Request::new(Body::empty())).await.unwrap();
        let mut body = response.into_body();
        assert_eq!(body.next_chunk().await.unwrap().unwrap(), "abc");
        blade.cut();
        let mut rest = String::new();
        let error = loop {
            match body.next_chunk().await.unwrap() {
                Ok(chunk) => rest.push_str(std::str::from_utf8(&chunk).unwrap()),
                Err(error) => break error,
            }
        };
        assert!("defg".starts_with(&rest), "{rest}");
        lengths.insert(rest.len());
        assert!(error.to_string().contains("cut on purpose"), "{error}");
        assert!(blade.take_cut() && !blade.take_cut());
    }
    assert_eq!(lengths.len(), 5, "{lengths:?}");
}

#[tokio::test]
async fn a_cut_that_found_nothing_to_cut_is_forgotten_with_its_connection() {
    let blade = Arc::new(Blade::default());
    let cutting = Cutting::new(Arc::new(Chunks(&["abc"])), Arc::clone(&blade));
    blade.cut();
    let response = cutting.send(Request::new(Body::empty())).await.unwrap();
    let mut body = response.into_body();
    assert_eq!(body.next_chunk().await.unwrap().unwrap(), "abc");
    assert!(!blade.take_cut());
}
