use super::is_idempotent;

#[test]
fn methods_that_do_the_same_twice_are_idempotent() {
    for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "QUERY"] {
        assert!(is_idempotent(&method.parse().unwrap()), "{method}");
    }
    for method in ["POST", "PATCH", "PURGE"] {
        assert!(!is_idempotent(&method.parse().unwrap()), "{method}");
    }
}
