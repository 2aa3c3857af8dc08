//! Which schemas contain themselves.

use crate::lower::graph::{Graph, NodeId, Rest, Shape};

/// For each node, whether it can be reached from itself; where optional properties are `skipped`, without passing one.
///
/// Tarjan's algorithm for strongly connected components (1972), with a stack of its own: a chain of definitions can be
/// much longer than the machine stack is deep.
pub(super) fn recursive(graph: &Graph, skipped: bool) -> Vec<bool> {
    let count = graph.len();
    let mut search = Search {
        order: vec![None; count],
        lowest: vec![0; count],
        on_stack: vec![false; count],
        stack: Vec::new(),
        recursive: vec![false; count],
        next: 0,
        skipped,
    };
    for start in graph.ids() {
        if search.order.get(start.index()).copied().flatten().is_none() {
            search.from(graph, start);
        }
    }
    search.recursive
}

struct Search {
    order: Vec<Option<usize>>,
    lowest: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<NodeId>,
    recursive: Vec<bool>,
    next: usize,
    /// Whether optional properties are no way.
    skipped: bool,
}

/// A node that is being visited, and its children that are not visited yet.
struct Frame {
    id: NodeId,
    children: std::vec::IntoIter<NodeId>,
}

impl Search {
    fn enter(&mut self, graph: &Graph, id: NodeId) -> Frame {
        set(&mut self.order, id, Some(self.next));
        set(&mut self.lowest, id, self.next);
        set(&mut self.on_stack, id, true);
        self.next += 1;
        self.stack.push(id);
        let mut children = Vec::new();
        match graph.shape(id) {
            Shape::Object(object) if self.skipped => {
                let required = object.properties.values().filter(|one| one.required);
                children.extend(required.map(|property| property.node));
                children.extend(object.patterns.iter().map(|(_, node)| *node));
                if let Rest::Each(values) = object.rest {
                    children.push(values);
                }
            }
            shape => Graph::for_each_child(shape, |child| children.push(child)),
        }
        if children.contains(&id) {
            set(&mut self.recursive, id, true);
        }
        Frame {
            id,
            children: children.into_iter(),
        }
    }

    fn from(&mut self, graph: &Graph, start: NodeId) {
        let mut frames = vec![self.enter(graph, start)];
        while let Some(frame) = frames.last_mut() {
            let id = frame.id;
            if let Some(child) = frame.children.next() {
                match get(&self.order, child).flatten() {
                    None => {
                        let entered = self.enter(graph, child);
                        frames.push(entered);
                    }
                    Some(order) if get(&self.on_stack, child) == Some(true) => {
                        self.lower(id, order);
                    }
                    Some(_) => {}
                }
            } else {
                frames.pop();
                let lowest = get(&self.lowest, id).unwrap_or_default();
                if let Some(parent) = frames.last() {
                    self.lower(parent.id, lowest);
                }
                if get(&self.order, id).flatten() == Some(lowest) {
                    self.close(id);
                }
            }
        }
    }

    fn lower(&mut self, id: NodeId, order: usize) {
        let lowest = get(&self.lowest, id).unwrap_or_default().min(order);
        set(&mut self.lowest, id, lowest);
    }

    /// Takes a finished component from the stack.
    fn close(&mut self, id: NodeId) {
        let start = self
            .stack
            .iter()
            .rposition(|open| *open == id)
            .unwrap_or_default();
        let component = self.stack.split_off(start);
        for member in &component {
            set(&mut self.on_stack, *member, false);
            if component.len() > 1 {
                set(&mut self.recursive, *member, true);
            }
        }
    }
}

fn get<T: Copy>(values: &[T], id: NodeId) -> Option<T> {
    values.get(id.index()).copied()
}

fn set<T>(values: &mut [T], id: NodeId, value: T) {
    if let Some(place) = values.get_mut(id.index()) {
        *place = value;
    }
}
