# In the way of Frankfurter: Ruby, Puma, and a query to SQLite for each request.
require "json"
require "sinatra/base"
require "sqlite3"

class Rates < Sinatra::Base
  set :protection, false
  set :logging, false

  def database
    Thread.current[:database] ||= SQLite3::Database.new(ENV.fetch("DATABASE"), readonly: true)
  end

  before { content_type :json }

  get "/current" do
    date, rate = database.get_first_row("SELECT date, rate FROM rates ORDER BY date DESC LIMIT 1")
    JSON.generate(base: "USD", quote: "MXN", date: date, rate: rate)
  end

  get "/history" do
    rows = database.execute("SELECT date, rate FROM rates ORDER BY date")
    JSON.generate(base: "USD", quote: "MXN", observations: rows.map { |date, rate| { date: date, rate: rate } })
  end
end

run Rates
