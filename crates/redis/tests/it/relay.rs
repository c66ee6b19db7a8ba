//! A link that can be cut, and led to another server. In: connections. Out: the same, to whom it leads now.

use std::sync::{Arc, Mutex};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

pub(crate) struct Relay {
    pub(crate) port: u16,
    target: Arc<Mutex<u16>>,
    cut: watch::Sender<()>,
}

impl Relay {
    pub(crate) async fn to(target: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let target = Arc::new(Mutex::new(target));
        let (cut, is_cut) = watch::channel(());
        let leads_to = Arc::clone(&target);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let target = *leads_to.lock().unwrap();
                let mut is_cut = is_cut.clone();
                is_cut.mark_unchanged();
                tokio::spawn(async move {
                    let Ok(mut far) = TcpStream::connect(("127.0.0.1", target)).await else {
                        return;
                    };
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        _ = is_cut.changed() => {}
                    }
                });
            }
        });
        Self { port, target, cut }
    }

    /// Cuts what there is; who connects from now on comes to another server.
    pub(crate) fn lead_to(&self, target: u16) {
        *self.target.lock().unwrap() = target;
        self.cut.send_replace(());
    }
}
