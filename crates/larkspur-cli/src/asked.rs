//! The one place where an API that was named becomes a request.

/// Begins a request to the API that was named, and goes on with it in the same words for each.
macro_rules! asked {
    ($api:expr, $client:expr, $model:expr, |$request:ident| $body:expr) => {
        match $api {
            $crate::args::Api::Responses => {
                let $request = $client.responses($model);
                $body
            }
            $crate::args::Api::Chat => {
                let $request = $client.chat($model);
                $body
            }
            $crate::args::Api::Messages => {
                let $request = $client.messages($model);
                $body
            }
            $crate::args::Api::Gemini => {
                let $request = $client.generate_content($model);
                $body
            }
        }
    };
}

pub(crate) use asked;
