//! What every story ends with listens to the right things.

use crate::device::Device;
use crate::served::Served;

const ASK: &str = "
    const done = arguments[arguments.length - 1], file = document.createElement('link');
    file.rel = 'stylesheet'; file.href = arguments[0]; file.onload = file.onerror = () => done(true);
    document.head.append(file);";

/// A file of ours that does not come is a fault, whether it is not there or the line is cut; an address
/// that a story asks for in vain is none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_does_not_come_is_heard() {
    let served = Served::new().await;
    let desk = Device::desk(&served).await;
    desk.open("/no-such-page").await;
    desk.sees("没有找到这一页").await;
    desk.assert_quiet().await;
    for (file, is_cut) in [("/static/none.css", false), ("/static/gone.css", true)] {
        if is_cut {
            served.cut();
        }
        let asked = desk.client.execute_async(ASK, vec![file.into()]).await;
        asked.expect("a script");
        let loud = desk.loud().await;
        assert!(loud.iter().any(|line| line.contains(file)), "{loud:?}");
    }
    served.mend();
    desk.end().await;
}
