//! temp
fn main() {
    let from: u64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let to: u64 = std::env::args().nth(2).unwrap().parse().unwrap();
    let t = std::time::Instant::now();
    let mut ev = 0;
    for seed in from..to {
        let plan = switchboard_simulation::Plan::new(seed, switchboard_simulation::Profile::Stormy, 3);
        let r = switchboard_simulation::run(&plan);
        ev += r.events;
        println!("{seed}: {:?} events {} msgs {} acc {} conv {:?} conns {} gaps {} q{}", r.broken, r.events, r.messages, r.accepted, r.converged_ms, r.connections, r.gaps, r.quiet_connections);
    }
    let s = t.elapsed().as_secs_f64();
    println!("{ev} events {:.2} s {:.0}/s", s, ev as f64 / s);
}
