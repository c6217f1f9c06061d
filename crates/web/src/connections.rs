//! The connections that requests come over: how many there are at once, and how long each step
//! may take, so that whoever leaves one half-way does not keep others out.

use std::io::ErrorKind;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use app::Aside;
use axum::Router;
use axum::extract::{Request as PageRequest, State};
use axum::http::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tower::ServiceExt;

use crate::problem::Problem;
use crate::written::Written;

/// Pages made at once: each reads the database on a thread of its own.
pub const PAGES: usize = 4;

/// What is waited for before the listener is asked again, when the machine has no more files.
const PAUSE: Duration = Duration::from_secs(1);

/// What bounds connections; `docs/threat-model.md` lists the numbers.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections open at once. One more takes the place of whoever waits longest without a
    /// request to be answered; where all have one, it waits.
    pub connections: u32,
    /// How long the head of a request may take, from the connection or the answer before it.
    pub head: Duration,
    /// How long an answer may take. A connection open for as long takes no further request.
    pub request: Duration,
    /// How long such a connection is given to end.
    pub taking: Duration,
}

impl Limits {
    /// Those that the server holds to.
    pub const OURS: Self = Self {
        connections: 64,
        head: Duration::from_secs(10),
        request: Duration::from_secs(60),
        taking: Duration::from_secs(60),
    };
}

/// Answers that it takes too long, where it does.
pub async fn give_up(State(limits): State<Limits>, request: PageRequest, next: Next) -> Response {
    let answered = tokio::time::timeout(limits.request, next.run(request)).await;
    answered.unwrap_or_else(|_| Problem::TooLong.into_response())
}

/// Makes an answer on a thread of its own: it reads the database, which lets nobody else go first.
pub async fn aside(State(aside): State<Aside>, request: PageRequest, next: Next) -> Response {
    let made = aside.run(move || next.run(request)).await;
    made.unwrap_or_else(|error| Problem::from(error).into_response())
}

/// One connection, as the others see it.
#[derive(Default)]
struct Conversation {
    /// A request is here and its answer is not written.
    answering: AtomicBool,
    /// That answer is made.
    answered: AtomicBool,
    /// Another needs the place.
    leave: Notify,
}

/// The places for connections, and who has them.
struct Places {
    free: Arc<Semaphore>,
    /// In the order in which they began.
    taken: Vec<Weak<Conversation>>,
}

impl Places {
    /// Returns a place once one is free. Where none is, whoever has been there longest without
    /// a request to be answered has to leave.
    async fn next(&mut self) -> Option<(OwnedSemaphorePermit, Arc<Conversation>)> {
        self.taken.retain(|one| one.strong_count() > 0);
        if self.free.available_permits() == 0 {
            let is_idle = |one: &Arc<Conversation>| !one.answering.load(Ordering::Relaxed);
            let idle = |one: &Weak<Conversation>| one.upgrade().is_some_and(|one| is_idle(&one));
            // Off the list, so that nobody is asked to leave twice for two who come.
            if let Some(place) = self.taken.iter().position(idle)
                && let Some(idle) = self.taken.remove(place).upgrade()
            {
                idle.leave.notify_one();
            }
        }
        let place = self.free.clone().acquire_owned().await.ok()?;
        let conversation = Arc::new(Conversation::default());
        self.taken.push(Arc::downgrade(&conversation));
        Some((place, conversation))
    }
}

/// Serves pages until `stop` is done; requests under way are finished first.
pub async fn serve(
    listener: TcpListener,
    pages: Router,
    limits: Limits,
    stop: impl Future<Output = ()> + Send,
) {
    let free = Arc::new(Semaphore::new(limits.connections as usize));
    let mut places = Places {
        free: free.clone(),
        taken: Vec::new(),
    };
    let (stopping, stopped) = watch::channel(false);
    let mut stop = pin!(stop);
    loop {
        let next = async { (accept(&listener).await, places.next().await) };
        let (stream, (place, conversation)) = tokio::select! {
            (stream, Some(place)) = next => (stream, place),
            () = &mut stop => break,
        };
        let (pages, mut stopped) = (pages.clone(), stopped.clone());
        tokio::spawn(async move {
            let stopped = async {
                let _ = stopped.wait_for(|stopped| *stopped).await;
            };
            converse(stream, pages, limits, (conversation, stopped)).await;
            drop(place);
        });
    }
    drop(listener);
    stopping.send_replace(true);
    // Every place is free again once every conversation is over.
    let _ = free.acquire_many(limits.connections).await;
}

async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            // Whoever it was is gone.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::ConnectionAborted
                        | ErrorKind::ConnectionRefused
                        | ErrorKind::ConnectionReset
                ) => {}
            Err(error) => {
                tracing::error!(error = error.to_string(), "no connection is accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Answers the requests of one connection, one after another.
async fn converse(
    stream: TcpStream,
    pages: Router,
    limits: Limits,
    (conversation, stopped): (Arc<Conversation>, impl Future<Output = ()>),
) {
    let answer = service_fn(async |request: Request<Incoming>| {
        conversation.answered.store(false, Ordering::Relaxed);
        conversation.answering.store(true, Ordering::Relaxed);
        let answer = pages.clone().oneshot(request).await;
        conversation.answered.store(true, Ordering::Relaxed);
        answer
    });
    let written = || {
        if conversation.answered.load(Ordering::Relaxed) {
            conversation.answering.store(false, Ordering::Relaxed);
        }
    };
    let mut served = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .serve_connection(Written::new(TokioIo::new(stream), written), answer)
    );
    tokio::select! {
        // An error is the other side's: it left, or sent no HTTP, and was told so if it can be.
        _ = served.as_mut() => return,
        () = conversation.leave.notified() => return,
        () = tokio::time::sleep(limits.request) => {}
        () = stopped => {}
    }
    served.as_mut().graceful_shutdown();
    tokio::select! {
        // Whoever does not take an answer in that time does not get it.
        _ = tokio::time::timeout(limits.taking, served) => {}
        () = conversation.leave.notified() => {}
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::sync::{Mutex, mpsc};

    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tokio::sync::oneshot;
    use tokio::task::JoinHandle;

    use super::{
        Arc, Aside, Duration, ErrorKind, Limits, Notify, PAGES, Router, TcpListener, aside,
        give_up, serve,
    };
    use crate::problem::draw;

    const SHORT: Duration = Duration::from_millis(300);
    const LONG: Duration = Duration::from_secs(600);
    const WHOLE: &str = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    struct Server {
        address: std::net::SocketAddr,
        asked: Arc<Notify>,
        stop: oneshot::Sender<()>,
        ended: JoinHandle<()>,
        /// Dropped, it lets the pages go on that keep their threads.
        held: mpsc::Sender<()>,
    }

    impl Server {
        async fn start(connections: u32, head: Duration, request: Duration) -> Self {
            Self::held_to(Limits {
                connections,
                head,
                request,
                taking: request,
            })
            .await
        }

        async fn held_to(limits: Limits) -> Self {
            let asked = Arc::new(Notify::new());
            let told = asked.clone();
            let never = async move || {
                told.notify_one();
                std::future::pending::<&str>().await
            };
            let (held, holds) = mpsc::channel::<()>();
            let holds = Arc::new(Mutex::new(holds));
            let told = asked.clone();
            // As the database does: the thread waits, and nobody else goes first.
            let blocks = async move || {
                told.notify_one();
                let ended = holds.lock().map(|holds| holds.recv());
                drop(ended);
                "blocked"
            };
            let own_thread = from_fn_with_state(Aside::new(PAGES), aside);
            let pages = Router::new()
                .route("/", get(async || "here"))
                .route("/blocks", get(blocks).layer(own_thread))
                .route("/never", get(never))
                .route("/large", get(async || vec![b'x'; 64 << 20]))
                .layer(from_fn_with_state(limits, give_up))
                .layer(from_fn_with_state(Some("Simulated clock"), draw));
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let address = listener.local_addr().expect("an address");
            let (stop, stopped) = oneshot::channel();
            let stopped = async {
                let _ = stopped.await;
            };
            let ended = tokio::spawn(serve(listener, pages, limits, stopped));
            Self {
                address,
                asked,
                stop,
                ended,
                held,
            }
        }

        #[expect(
            clippy::disallowed_methods,
            reason = "the server of the test is asked, on this machine"
        )]
        fn say(&self, text: &str) -> TcpStream {
            let mut stream = TcpStream::connect(self.address).expect("listens");
            stream.write_all(text.as_bytes()).expect("taken");
            stream
        }
    }

    /// Returns what comes until the server closes the connection.
    fn rest(mut stream: TcpStream) -> String {
        let mut text = String::new();
        // Closed with something unread is closed as well.
        let _ = stream.read_to_string(&mut text);
        text
    }

    /// Returns an answer whose connection stays open.
    fn answer(stream: &mut TcpStream) -> String {
        let mut text = String::new();
        while !text.ends_with("here") {
            let mut byte = [0];
            stream.read_exact(&mut byte).expect("it is answered");
            text.push(char::from(byte[0]));
        }
        text
    }

    /// Returns whether the connection is open, as far as it is known here.
    fn is_open(stream: &TcpStream) -> bool {
        stream.set_nonblocking(true).expect("a socket");
        let read = stream.peek(&mut [0]);
        read.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_head_that_stops_half_way_is_given_up_and_one_that_goes_on_is_answered() {
        let server = Server::start(8, SHORT, LONG).await;
        let (half, other) = WHOLE.split_at(20);
        let stalled = server.say(half);
        let mut slow = server.say(half);
        slow.write_all(other.as_bytes()).expect("taken");
        assert!(answer(&mut slow).starts_with("HTTP/1.1 200 "));
        assert_eq!(rest(stalled), "");
        // So is a connection over which nothing further is asked, or nothing at all.
        assert_eq!(rest(slow), "");
        assert_eq!(rest(server.say("")), "");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_connection_more_takes_the_place_of_whoever_waits_longest_for_nothing() {
        let server = Server::start(3, LONG, LONG).await;
        let asking = server.say(&WHOLE.replace("GET /", "GET /never"));
        server.asked.notified().await;
        let (first, second) = (server.say("GET"), server.say("GET"));
        assert!(answer(&mut server.say(WHOLE)).ends_with("here"));
        assert_eq!(rest(first), "");
        assert!(is_open(&asking) && is_open(&second));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn however_many_stall_whoever_asks_is_answered() {
        let server = Server::start(8, LONG, LONG).await;
        let stalled: Vec<TcpStream> = (0..200).map(|_| server.say("GET")).collect();
        assert!(answer(&mut server.say(WHOLE)).ends_with("here"));
        drop(stalled);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn where_every_connection_has_a_request_one_more_waits_until_it_is_answered() {
        let server = Server::start(1, LONG, SHORT).await;
        let asking = server.say(&WHOLE.replace("GET /", "GET /never"));
        server.asked.notified().await;
        assert!(answer(&mut server.say(WHOLE)).ends_with("here"));
        assert!(!is_open(&asking));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn as_many_connections_as_there_may_be_are_answered_beside_each_other() {
        let server = Server::start(3, LONG, LONG).await;
        let stalled = [server.say("GET"), server.say("GET")];
        assert!(answer(&mut server.say(WHOLE)).ends_with("here"));
        assert!(stalled.iter().all(is_open));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_answer_that_takes_too_long_is_given_up_and_said() {
        let server = Server::start(8, LONG, SHORT).await;
        let never = WHOLE.replace("GET /", "GET /never");
        let told = rest(server.say(&never));
        assert!(told.starts_with("HTTP/1.1 503 "), "{told}");
        assert!(told.contains("took too long"), "{told}");
        assert!(told.contains("Simulated clock"), "{told}");
        assert!(answer(&mut server.say(WHOLE)).ends_with("here"));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_answer_that_nobody_takes_holds_nobody_up() {
        let server = Server::start(1, LONG, SHORT).await;
        let large = WHOLE.replace("GET /", "GET /large");
        let deaf = server.say(&large);
        assert!(answer(&mut server.say(WHOLE)).ends_with("here"));
        let deaf = [deaf, server.say(&large)];
        server.stop.send(()).expect("it runs");
        server.ended.await.expect("it ends");
        drop(deaf);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_server_that_is_stopped_waits_for_no_half_sent_request() {
        let server = Server::start(8, LONG, SHORT).await;
        let stalled = server.say("GET");
        server.stop.send(()).expect("it runs");
        server.ended.await.expect("it ends");
        drop(stalled);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn pages_that_keep_their_threads_hold_up_nobody_and_are_given_up_in_time() {
        let server = Server::start(32, LONG, SHORT).await;
        let blocks = WHOLE.replace("GET /", "GET /blocks");
        // More than are made at once.
        let slow: Vec<TcpStream> = (0..2 * PAGES).map(|_| server.say(&blocks)).collect();
        server.asked.notified().await;
        assert!(answer(&mut server.say(WHOLE)).ends_with("here"));
        for slow in slow {
            let told = rest(slow);
            assert!(told.starts_with("HTTP/1.1 503 "), "{told}");
            assert!(told.contains("took too long"), "{told}");
        }
        assert!(answer(&mut server.say(WHOLE)).ends_with("here"));
        server.stop.send(()).expect("it runs");
        server.ended.await.expect("it ends");
        drop(server.held);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_still_reads_their_answer_keeps_their_place() {
        let server = Server::start(1, LONG, LONG).await;
        let mut slow = server.say(&WHOLE.replace("GET /", "GET /large"));
        slow.read_exact(&mut [0]).expect("it is answered");
        let mut next = server.say(WHOLE);
        next.set_read_timeout(Some(SHORT)).expect("a socket");
        assert!(next.read(&mut [0]).is_err());
        let mut whole = vec![0; 64 << 20];
        slow.read_exact(&mut whole).expect("all of it");
        drop(slow);
        next.set_read_timeout(None).expect("a socket");
        assert!(answer(&mut next).ends_with("here"));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_connection_that_is_to_end_makes_room_for_one_more_at_once() {
        let server = Server::held_to(Limits {
            connections: 1,
            head: LONG,
            request: SHORT,
            taking: LONG,
        })
        .await;
        let mut old = server.say("GET");
        old.set_read_timeout(Some(3 * SHORT)).expect("a socket");
        assert!(old.read(&mut [0]).is_err());
        let mut next = server.say(WHOLE);
        next.set_read_timeout(Some(10 * SHORT)).expect("a socket");
        assert!(answer(&mut next).ends_with("here"));
    }
}
